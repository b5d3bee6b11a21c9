/**
 * The choices of this phone: its name, its camera, its sound, and the scans that the server would not take.
 *
 * Wired by scanner.js; everything chosen here is kept by device.js.
 */

import { device } from "./device.js";
import { make, say } from "./page.js";
import { signal, unlock } from "./sound.js";

async function fillCameras(select, viewfinder) {
  const cameras = await viewfinder.camera.list();
  const options = cameras.map((one, index) =>
    make("option", { value: one.id, selected: one.id === device.camera, text: one.label || say("camera_number", { n: index + 1 }) }),
  );
  select.replaceChildren(...options);
  select.closest("[data-cameras]").hidden = cameras.length < 2;
}

function wireFields({ name, camera, sound, way }, viewfinder, onChange) {
  name.addEventListener("change", () => {
    device.name = name.value;
    onChange();
  });
  camera.addEventListener("change", () => {
    device.camera = camera.value;
    viewfinder.start();
  });
  way.forEach((choice) =>
    choice.addEventListener("change", () => {
      device.way = way.value;
      onChange();
    }),
  );
  sound.addEventListener("change", () => {
    device.silent = !sound.checked;
    unlock();
    if (sound.checked) signal("admit");
  });
}

/** Wire the dialog; `onChange()` is called when the phone got another name or way. */
export function wire(dialog, { viewfinder, scans, onChange }) {
  const fields = dialog.querySelector("form").elements;
  const held = dialog.querySelector("[data-held]");
  wireFields(fields, viewfinder, onChange);
  held.querySelector("button").addEventListener("click", () => scans.retryHeld());

  return {
    /** Fill the fields with what is true now and open the dialog. */
    async open() {
      fields.name.value = device.name;
      fields.sound.checked = !device.silent;
      fields.way.value = device.way;
      dialog.showModal();
      await fillCameras(fields.camera, viewfinder);
    },
    /** Show how many scans the server would not take. */
    showHeld(count) {
      held.hidden = !count;
      held.querySelector("[data-held-words]").textContent = say("held_long", { n: count });
    },
  };
}
