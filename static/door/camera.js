/**
 * The phone's camera: asked for by a tap, chosen once, kept awake, and every failure said in words.
 *
 * The first time the camera at the back is taken; afterwards the chosen one, by its id alone (some phones open
 * another camera when id and direction are asked for together). Failures are keys of texts, for scanner.js to show.
 */

import { device } from "./device.js";

const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 } };

const FAILURES = {
  NotAllowedError: "camera_denied",
  SecurityError: "camera_denied",
  NotFoundError: "camera_missing",
  NotReadableError: "camera_busy",
  AbortError: "camera_busy",
};

export class Camera {
  #video;
  #onEnd;
  #track = null;
  #lock = null;

  /** `onEnd()` is called when the system takes the camera away. */
  constructor(video, onEnd) {
    this.#video = video;
    this.#onEnd = onEnd;
    document.addEventListener("visibilitychange", () => this.#stayAwake());
  }

  get isOn() {
    return this.#track?.readyState === "live";
  }

  /** Tell why no camera can be used here at all, as the key of a text, or null. */
  static obstacle() {
    if (!window.isSecureContext) return "camera_insecure";
    return navigator.mediaDevices?.getUserMedia ? null : "camera_missing";
  }

  /** Start the camera; gives null, or the key of the text that says why not. */
  async start() {
    const obstacle = Camera.obstacle();
    if (obstacle) return obstacle;
    try {
      this.stop();
      await this.#open(device.camera);
      return null;
    } catch (error) {
      this.stop();
      return FAILURES[error.name] ?? "camera_failed";
    }
  }

  async #open(id) {
    const choice = id ? { deviceId: { exact: id } } : { facingMode: { ideal: "environment" } };
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...choice, ...SIZE } });
    } catch (error) {
      const isGone = id && ["OverconstrainedError", "NotFoundError"].includes(error.name);
      if (!isGone) throw error;
      device.camera = "";
      return this.#open("");
    }
    [this.#track] = stream.getVideoTracks();
    this.#track.addEventListener("ended", () => this.#onEnd());
    device.camera = this.#track.getSettings().deviceId ?? "";
    this.#video.srcObject = stream;
    await this.#video.play();
    return this.#stayAwake();
  }

  /** Let the camera go. */
  stop() {
    this.#video.srcObject?.getTracks().forEach((track) => track.stop());
    this.#video.srcObject = null;
    this.#track = null;
  }

  /** List the cameras as `{id, label}`; labels are empty until the camera was allowed once. */
  async list() {
    if (!navigator.mediaDevices?.enumerateDevices) return [];
    const all = await navigator.mediaDevices.enumerateDevices();
    return all.filter((one) => one.kind === "videoinput" && one.deviceId).map((one) => ({ id: one.deviceId, label: one.label }));
  }

  get hasTorch() {
    return Boolean(this.#track?.getCapabilities?.().torch);
  }

  /** Switch the light on or off; gives whether it worked. */
  async light(on) {
    try {
      await this.#track.applyConstraints({ advanced: [{ torch: on }] });
      return true;
    } catch {
      return false;
    }
  }

  async #stayAwake() {
    if (document.visibilityState !== "visible" || !this.isOn || !navigator.wakeLock) return;
    if (this.#lock && !this.#lock.released) return;
    try {
      this.#lock = await navigator.wakeLock.request("screen");
    } catch {
      // Refused when the battery is low: the phone scans all the same.
    }
  }
}
