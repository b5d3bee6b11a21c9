// Adds and removes the people of a group without a round trip. Without script, and where there are enough people, the
// same buttons ask the server, which answers with the same form.
import { watch } from "./questions.js";

const form = document.querySelector("[data-group]");
const people = form.querySelector("[data-people]");
const blank = form.querySelector("[data-blank]");
const rows = () => [...people.children];
let last = Math.max(0, ...rows().map((row) => Number(row.id.match(/\d+/))));

function count() {
  const word = blank.content.querySelector("h3").innerHTML;
  rows().forEach((row, place) => {
    row.querySelector("h3").innerHTML = word;
    row.querySelector("[data-number]").textContent = place + 1;
  });
}

function add() {
  last += 1;
  const row = blank.content.firstElementChild.cloneNode(true);
  for (const element of [row, ...row.querySelectorAll("*")]) {
    for (const attribute of element.attributes) {
      attribute.value = attribute.value.replaceAll(/\bpN_/g, `p${last}_`);
    }
  }
  row.querySelector("[name=remove]").value = last;
  people.append(row);
  row.querySelectorAll("[data-questions]").forEach(watch);
  count();
  row.querySelector("input").focus();
}

function remove(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  count();
  next.querySelector("input").focus();
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name]");
  const own = form.elements.comes_too.checked ? 1 : 0;
  if (button?.name === "add" && rows().length + own < Number(form.dataset.group)) {
    event.preventDefault();
    add();
  } else if (button?.name === "remove" && rows().length > 1) {
    event.preventDefault();
    remove(button.closest("section"));
  }
});
