/* The form editor of a flow: pages and components as cards, kept in step with the JSON fields that the form sends.
   The table of components and their options comes from the server (flows/editor.py). */
(() => {
  "use strict";

  /* --- small helpers --- */

  function element(tag, properties = {}, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(properties)) {
      if (key in node) node[key] = value;
      else node.setAttribute(key, value);
    }
    node.append(...children.filter((child) => child !== null));
    return node;
  }

  function camelCase(title) {
    const words = title.normalize("NFKD").replace(/[^\p{L}\p{N}]+/gu, " ").trim().split(" ").filter(Boolean);
    return words
      .map((word, index) => (index ? word[0].toUpperCase() + word.slice(1) : word[0].toLowerCase() + word.slice(1)))
      .join("");
  }

  function moved(list, from, to) {
    const copy = list.slice();
    copy.splice(Math.max(0, Math.min(to, copy.length - 1)), 0, copy.splice(from, 1)[0]);
    return copy;
  }

  /* --- the editor --- */

  class Editor {
    constructor(root, pagesField, configurationsField) {
      this.root = root;
      this.table = JSON.parse(root.dataset.flowEditor);
      this.fields = { pages: pagesField, configurations: configurationsField };
      // Components whose options are shown.
      this.open = new Set();
      for (const field of Object.values(this.fields)) field.addEventListener("change", () => this.load());
      this.load();
    }

    load() {
      try {
        this.pages = this.parsed("pages", []);
        this.configurations = this.parsed("configurations", []);
      } catch (error) {
        this.root.replaceChildren(element("p", { className: "problem" }, `The JSON tab has an error: ${error.message}`));
        return;
      }
      if (!this.pages.length) this.pages = [{ id: "page0", enabled: true, components: [] }];
      this.save();
      this.render();
    }

    parsed(name, empty) {
      const value = JSON.parse(this.fields[name].value || "null") || empty;
      if (!Array.isArray(value)) throw new Error(`${name} is no list`);
      return value;
    }

    save() {
      this.fields.pages.value = JSON.stringify(this.pages, null, 2);
      this.fields.configurations.value = JSON.stringify(this.configurations, null, 2);
    }

    /* A change of the structure: everything is drawn again. */
    changed() {
      this.save();
      this.render();
    }

    render() {
      this.root.replaceChildren(
        this.hours(),
        ...this.pages.map((page, index) => this.page(page, index)),
        this.button("Add a page", () => this.addPage(), "main"),
      );
    }

    button(text, onclick, className = "", disabled = false) {
      return element("button", { type: "button", onclick, className, disabled }, text);
    }

    /* --- start and end times --- */

    hours() {
      const entry = (id, label, help, preset) => {
        const item = this.configurations.find((configuration) => configuration.id === id);
        const input = element("input", { type: "number", step: "any", value: item ? item.adjustment : preset });
        input.addEventListener("input", () => {
          const kept = this.configurations.find((configuration) => configuration.id === id);
          const adjustment = Number(input.value || preset);
          if (kept) kept.adjustment = adjustment;
          else this.configurations.push({ id, adjustment });
          this.save();
        });
        return element("label", {}, label, input, element("small", {}, help));
      };
      return element(
        "fieldset",
        {},
        element("legend", {}, "Default times"),
        element(
          "div",
          { className: "options" },
          entry("startTime", "Start, in hours", "Counted from the creation of the task.", 0),
          entry("endTime", "End, in hours", "Counted from the start.", 24),
        ),
      );
    }

    /* --- pages --- */

    addPage() {
      const taken = new Set(this.pages.map((page) => page.id));
      let number = this.pages.length;
      while (taken.has(`page${number}`)) number += 1;
      this.pages.push({ id: `page${number}`, title: "", components: [] });
      this.changed();
    }

    page(page, index) {
      const initial = page.id === "page0";
      page.components = page.components || [];
      const bar = element(
        "div",
        { className: "bar" },
        element("span", { className: "name" }, initial ? "Filled in when a task is made" : "Filled in by the worker"),
        this.button("↑", () => this.movePage(index, index - 1), "", index === 0),
        this.button("↓", () => this.movePage(index, index + 1), "", index === this.pages.length - 1),
        initial ? null : this.button("Remove page", () => this.removePage(index)),
      );
      const options = element(
        "div",
        { className: "options" },
        initial
          ? this.control(page, { key: "enabled", label: "Shown when a task is made", kind: "switch" }, true)
          : this.control(page, { key: "title", label: "Title", kind: "text" }),
      );
      const add = element("select", { title: "Add a component" }, element("option", { value: "" }, "Add a component …"));
      add.append(...this.table.components.map((kind) => element("option", { value: kind }, kind)));
      add.addEventListener("change", () => this.addComponent(page, add.value));
      return element(
        "fieldset",
        { "data-page": page.id },
        element("legend", {}, page.id),
        bar,
        options,
        ...page.components.map((component, place) => this.component(page, component, place)),
        add,
      );
    }

    movePage(from, to) {
      this.pages = moved(this.pages, from, to);
      this.changed();
    }

    removePage(index) {
      const count = this.pages[index].components.length;
      if (count && !window.confirm(`Remove the page and its ${count} components?`)) return;
      this.pages.splice(index, 1);
      this.changed();
    }

    /* --- components --- */

    addComponent(page, kind) {
      if (!kind) return;
      const component = { component: kind, id: this.freeId(kind), title: "", visible: true };
      if (kind !== "view") component.required = false;
      for (const option of this.table.options[kind]) {
        if (option.needed) component[option.key] = option.choices[0];
        if (option.key === "options") component.options = [];
      }
      page.components.push(component);
      this.open.add(component);
      this.changed();
    }

    freeId(wanted, own = null) {
      const taken = new Set(this.table.reserved);
      for (const page of this.pages) for (const item of page.components || []) if (item !== own) taken.add(item.id);
      let id = wanted;
      for (let number = 1; taken.has(id); number += 1) id = `${wanted}-${number}`;
      return id;
    }

    component(page, component, place) {
      const card = element("div", { className: "component", "data-component": component.id });
      const name = element("span", { className: "name" });
      const describe = () =>
        name.replaceChildren(
          component.title || component.id,
          component.required ? " *" : "",
          element("small", {}, `${component.component} ${component.type || ""} · ${component.id}`),
        );
      describe();
      const options = element("div", { className: "options", hidden: !this.open.has(component) });
      if (this.open.has(component)) options.append(...this.controls(component, card, describe));
      card.append(this.componentBar(page, component, place, name), options);
      this.draggable(card, page, place);
      return card;
    }

    componentBar(page, component, place, name) {
      const number = element("input", { type: "number", min: 1, value: place + 1, className: "place", title: "Place" });
      number.addEventListener("change", () => this.moveComponent(page, place, Number(number.value) - 1));
      return element(
        "div",
        { className: "bar" },
        element("span", { className: "handle", title: "Drag to move" }, "⠿"),
        number,
        name,
        this.button("↑", () => this.moveComponent(page, place, place - 1), "", place === 0),
        this.button("↓", () => this.moveComponent(page, place, place + 1), "", place === page.components.length - 1),
        this.button(this.open.has(component) ? "Close" : "Edit", () => this.toggle(component)),
        this.button("Remove", () => this.removeComponent(page, place)),
      );
    }

    toggle(component) {
      if (!this.open.delete(component)) this.open.add(component);
      this.render();
    }

    moveComponent(page, from, to) {
      page.components = moved(page.components, from, to);
      this.changed();
    }

    removeComponent(page, place) {
      page.components.splice(place, 1);
      this.changed();
    }

    draggable(card, page, place) {
      const handle = card.querySelector(".handle");
      // Only the handle drags: text in the inputs stays selectable.
      handle.addEventListener("mousedown", () => (card.draggable = true));
      card.addEventListener("dragstart", () => {
        this.dragged = { page, place };
        card.classList.add("dragged");
      });
      card.addEventListener("dragend", () => this.render());
      card.addEventListener("dragover", (event) => {
        event.preventDefault();
        card.classList.add("over");
      });
      card.addEventListener("dragleave", () => card.classList.remove("over"));
      card.addEventListener("drop", (event) => {
        event.preventDefault();
        if (this.dragged) this.drop(page, place);
      });
    }

    drop(page, place) {
      const { page: source, place: from } = this.dragged;
      const [component] = source.components.splice(from, 1);
      page.components.splice(source === page && from < place ? place - 1 : place, 0, component);
      this.dragged = null;
      this.changed();
    }

    /* --- options of a component --- */

    controls(component, card, describe) {
      const common = component.component === "view" ? this.table.view : this.table.common;
      const own = this.table.options[component.component] || [];
      const byType = component.component === "input" ? this.table.typeOptions[(component.type || "").toLowerCase()] : [];
      return [...own.slice(0, 1), ...common, ...own.slice(1), ...(byType || [])].map((option) =>
        this.control(component, option, undefined, (before) => {
          if (option.key === "title") this.titled(component, before, card);
          if (option.key === "type") this.changed();
          describe();
        }),
      );
    }

    /* An id that nobody has written by hand follows the title. */
    titled(component, before, card) {
      const made = (title) => camelCase(title || "") || component.component;
      if (component.id.replace(/-\d+$/, "") !== made(before)) return;
      component.id = this.freeId(made(component.title), component);
      card.querySelector('[data-key="id"]').value = component.id;
    }

    control(target, option, preset = undefined, after = () => {}) {
      if (option.kind === "rows") return this.rows(target, option);
      const input = this.input(option, target[option.key] ?? preset);
      input.dataset.key = option.key;
      input.addEventListener(input.tagName === "SELECT" || input.type === "checkbox" ? "change" : "input", () => {
        const before = target[option.key];
        const value = this.read(option, input);
        if (value === undefined) delete target[option.key];
        else target[option.key] = value;
        after(before);
        this.save();
      });
      const help = option.help ? element("small", {}, option.help) : null;
      return option.kind === "switch"
        ? element("label", { className: "switch" }, input, option.label, help)
        : element("label", {}, option.label, input, help);
    }

    /* A list of objects, one line each. */
    rows(component, option) {
      const rows = component[option.key] || [];
      const change = (write) => {
        write(rows);
        component[option.key] = rows;
        this.changed();
      };
      const empty = () =>
        Object.fromEntries(option.columns.map((column) => [column.key, column.needed ? column.choices[0] : this.nothing(column)]));
      return element(
        "div",
        { className: "rows" },
        element("span", {}, option.label),
        ...rows.map((row, index) =>
          element(
            "div",
            { className: "row" },
            ...option.columns.map((column) => this.control(row, this.offered(column, component))),
            this.button("Remove", () => change(() => rows.splice(index, 1))),
          ),
        ),
        this.button("Add", () => change(() => rows.push(empty()))),
        option.help ? element("small", {}, option.help) : null,
      );
    }

    nothing(column) {
      return column.kind === "pick" ? [] : column.kind === "number" ? 0 : "";
    }

    /* What a pick column offers: the options of its component, or the ids of all others. */
    offered(column, component) {
      if (column.kind !== "pick") return column;
      const ids = this.pages.flatMap((page) => page.components || []).map((other) => other.id);
      const offer = column.source === "ids" ? ids.filter((id) => id !== component.id) : component.options || [];
      return { ...column, offer };
    }

    input(option, value) {
      if (option.kind === "switch") return element("input", { type: "checkbox", checked: Boolean(value) });
      if (option.kind === "choice") return this.choice(option, value);
      if (option.kind === "lines") return element("textarea", { rows: 4, value: (value || []).join("\n") });
      if (option.kind === "pick") return this.pick(option.offer, value || []);
      const shown = Array.isArray(value) ? value.join(", ") : (value ?? "");
      return element("input", { type: option.kind === "number" ? "number" : "text", value: shown });
    }

    choice(option, value) {
      const select = element("select");
      const known = option.choices.find((choice) => choice.toLowerCase() === String(value || "").toLowerCase());
      const other = value && !known ? [value] : [];
      for (const choice of [...(option.needed ? [] : [""]), ...option.choices, ...other])
        select.append(element("option", { value: choice, selected: choice === (known || value || "") }, choice || "–"));
      return select;
    }

    pick(offer, chosen) {
      const all = [...new Set([...offer, ...chosen])];
      const select = element("select", { multiple: true, size: Math.min(Math.max(all.length, 2), 5) });
      select.append(...all.map((item) => element("option", { value: item, selected: chosen.includes(item) }, item)));
      return select;
    }

    /* The value of a control; undefined removes the key. */
    read(option, input) {
      if (option.kind === "switch") return input.checked;
      if (option.kind === "lines") return input.value.split("\n").map((line) => line.trim()).filter(Boolean);
      if (option.kind === "pick") return [...input.selectedOptions].map((item) => item.value);
      if (input.value.trim() === "") return option.key === "title" || option.key === "id" ? "" : undefined;
      if (option.kind === "number") return Number(input.value);
      return option.key === "id" ? input.value.trim() : input.value;
    }
  }

  /* --- copying --- */

  function copied(button) {
    const label = button.textContent;
    button.textContent = "Copied";
    window.setTimeout(() => (button.textContent = label), 1500);
  }

  function select(node) {
    const range = document.createRange();
    range.selectNodeContents(node);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  async function copy(button) {
    const source = button.previousElementSibling;
    select(source);
    // Browsers offer the clipboard to https and localhost only; elsewhere the old command copies the selection.
    if (navigator.clipboard) await navigator.clipboard.writeText(source.textContent);
    else document.execCommand("copy");
    copied(button);
  }

  document.addEventListener("DOMContentLoaded", () => {
    const pages = document.getElementById("id_pages");
    const root = document.querySelector("[data-flow-editor]");
    if (root && pages) new Editor(root, pages, document.getElementById("id_configurations"));
    for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", () => copy(button));
  });
})();
