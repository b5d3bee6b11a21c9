/**
 * The camera's part of the page: the button that starts it, the picture, the light and what is said about them.
 *
 * Joins camera, reader and sight: `onText(text)` is called once for every code that comes into view.
 */

import { Camera } from "./camera.js";
import { Decoder } from "./decoder.js";
import { page, say } from "./page.js";
import { Sight } from "./sight.js";

export class Viewfinder {
  #view;
  #video;
  #start;
  #said;
  #torch;
  #decoder = null;
  #sight = new Sight();
  #isLit = false;
  #whyOff = "camera_off";
  #onText;

  /** `view` is the element with video, button, words and torch; `beforeStart()` runs inside the tap. */
  constructor(view, { onText, beforeStart }) {
    this.#view = view;
    this.#video = view.querySelector("video");
    this.#start = view.querySelector("[data-start]");
    this.#said = view.querySelector("[data-say]");
    this.#torch = view.querySelector("[data-torch]");
    this.#onText = onText;
    this.camera = new Camera(this.#video, () => this.#show(null));
    this.#start.addEventListener("click", () => {
      beforeStart();
      this.start();
    });
    this.#torch.addEventListener("click", () => this.#light(!this.#isLit));
    document.addEventListener("visibilitychange", () => this.#wake());
    const obstacle = Camera.obstacle();
    this.#show(obstacle);
    if (obstacle) this.#start.hidden = true;
  }

  /** Start camera and reader, or say why not. */
  async start() {
    this.#start.disabled = true;
    this.#video.hidden = false; // some phones start no film that nobody sees
    this.say("camera_starting");
    this.#decoder ??= this.#makeDecoder();
    const failure = await this.camera.start();
    this.#start.disabled = false;
    this.#show(failure);
    if (!failure) this.#decoder.start();
  }

  /** Read no codes while something else is on the screen. */
  pause() {
    this.#decoder?.stop();
  }

  /** Read codes again. */
  resume() {
    if (this.camera.isOn) this.#decoder?.start();
  }

  /** Say a text by its key below the frame; without a key, what to do now or why the camera is off. */
  say(key = this.camera.isOn ? "hold_code" : this.#whyOff) {
    this.#said.textContent = say(key);
  }

  #makeDecoder() {
    return new Decoder({
      url: page.decoderUrl,
      video: this.#video,
      onText: (text) => this.#sight.look(text, performance.now()) && this.#onText(text),
      onFail: () => {
        this.camera.stop();
        this.#show("decoder_failed");
      },
    });
  }

  #show(failure) {
    const isOn = this.camera.isOn;
    this.#view.classList.toggle("is-on", isOn);
    this.#video.hidden = !isOn;
    this.#start.hidden = isOn;
    this.#torch.hidden = !isOn || !this.camera.hasTorch;
    this.#showLight(false);
    this.#whyOff = failure ?? "camera_off";
    this.say();
  }

  async #light(on) {
    if (await this.camera.light(on)) this.#showLight(on);
  }

  #showLight(on) {
    this.#isLit = on;
    this.#torch.setAttribute("aria-pressed", String(on));
  }

  #wake() {
    const wasTaken = document.visibilityState === "visible" && this.#decoder && !this.camera.isOn && this.#video.srcObject;
    if (wasTaken) this.start();
  }
}
