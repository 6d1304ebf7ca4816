// The fields below the flow are the flow's own: choosing another one loads its form, with what is filled in already.
document.addEventListener("DOMContentLoaded", () => {
  const flow = document.getElementById("id_flow");
  if (!flow || !location.pathname.endsWith("/add/")) return;
  const shown = flow.value;
  django.jQuery(flow).on("change", () => {
    // Widgets say "change" when they are set up, too.
    if (flow.value === shown) return;
    const query = new URLSearchParams();
    for (const name of ["flow", "hub", "ref_id", "order_index"]) {
      const field = flow.form.elements[name];
      if (field && field.value) query.set(name, field.value);
    }
    location.search = query;
  });
});
