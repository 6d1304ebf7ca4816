// A file of its own: the content security policy allows no script inside pages.
const root = document.getElementById("swagger-ui");
SwaggerUIBundle({ url: root.dataset.schema, domNode: root, deepLinking: true, presets: [SwaggerUIBundle.presets.apis] });
