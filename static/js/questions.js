// Own questions: guests see at once which ones are asked for their answers, and organisers drag them into order.
// Without script the server asks again with the questions that appeared, and buttons move a question up and down.

export function watch(box) {
  const form = box.closest("form");
  const rows = new Map([...box.querySelectorAll("[data-question]")].map((row) => [Number(row.dataset.question), row]));
  const asked = box.querySelector("[data-asked]");

  const category = () => {
    if (box.dataset.category) return box.dataset.category;
    const chosen = box.dataset.categoryInput.split(" ").map((name) => form.elements[name]?.value);
    return chosen.find(Boolean) ?? "";
  };

  const answers = (row) => {
    const found = [];
    for (const control of row.querySelectorAll("input, select, textarea")) {
      if (control.type === "file") {
        const goes = row.querySelector('[name$="-remove"]:checked');
        if (control.files.length || (control.dataset.stored && !goes)) found.push("file");
      } else if (control.type === "checkbox" || control.type === "radio") {
        if (control.checked && !control.name.endsWith("-remove")) found.push(control.value);
      } else found.push(control.value.trim());
    }
    return found.filter(Boolean);
  };

  const isShown = (id, known) => {
    if (known.has(id)) return known.get(id);
    known.set(id, false);
    const row = rows.get(id);
    if (!row) return false;
    const groups = row.dataset.categories.split(" ").filter(Boolean);
    const conditions = JSON.parse(row.dataset.shownIf);
    const holds = ({ question, values }) => {
      const given = rows.has(question) ? answers(rows.get(question)) : [];
      return given.length > 0 && (!values.length || given.some((value) => values.includes(value)));
    };
    const shown =
      (!groups.length || groups.includes(category())) &&
      conditions.every((condition) => holds(condition) && isShown(condition.question, known));
    known.set(id, shown);
    return shown;
  };

  const update = () => {
    const known = new Map();
    for (const [id, row] of rows) {
      row.hidden = !isShown(id, known);
      for (const control of row.querySelectorAll("input, select, textarea")) control.disabled = row.hidden;
    }
    asked.value = [...rows.keys()].filter((id) => known.get(id)).join(" ");
  };

  form.addEventListener("input", update);
  form.addEventListener("change", update);
  window.addEventListener("pageshow", update); // the browser puts back what was typed
  update();
}

function arrange(list) {
  const form = document.getElementById(list.dataset.order);
  let held = null;
  for (const grip of list.querySelectorAll("[data-grip]")) {
    const item = grip.closest("li");
    grip.hidden = false;
    grip.draggable = true;
    grip.addEventListener("dragstart", (event) => {
      held = item;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", item.dataset.id);
      event.dataTransfer.setDragImage(item, 0, 0);
    });
    grip.addEventListener("dragend", () => {
      held = null;
      const order = [...list.children].map((child) => child.dataset.id).join(" ");
      if (order === form.elements.order.value.trim()) return;
      form.elements.order.value = order;
      form.requestSubmit();
    });
  }
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("li");
    if (!held) return;
    event.preventDefault();
    if (!over || over === held || over.parentElement !== list) return;
    const box = over.getBoundingClientRect();
    const before = event.clientY < box.top + box.height / 2;
    over[before ? "before" : "after"](held);
  });
  list.addEventListener("drop", (event) => event.preventDefault());
}

for (const box of document.querySelectorAll("[data-questions]")) watch(box);
for (const list of document.querySelectorAll("[data-order]")) arrange(list);
