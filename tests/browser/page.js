// SPDX-License-Identifier: Apache-2.0
// What a page does, and what it comes to as a line of text. perform({do: NAME, url: URL, ...}) is one step of a case;
// pages, frames and workers of the tests run it.
"use strict";

const PATIENCE = 60000; // milliseconds; what takes longer hangs
const HOPS = ["connection", "keep-alive", "transfer-encoding"]; // as this connection happens to be
const verbs = {};

function perform(step) {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, "nothing happened"));
  return Promise.race([verbs[step.do](step), late]);
}

// What happens first of some events of a target. events: name of the event, and what it comes to.
function firstOf(target, events) {
  return new Promise((resolve) => {
    for (const [name, told] of Object.entries(events)) {
      const tell = (event) => resolve(typeof told === "function" ? told(event) : told);
      target.addEventListener(name, tell, { once: true });
    }
  });
}

// An element that loads what the step names, and what comes of it. crossorigin: its attribute, where it has one.
function loading(step, element, attribute, loaded) {
  if ("crossorigin" in step) {
    element.crossOrigin = step.crossorigin;
  }
  const outcome = firstOf(element, { load: loaded, error: "error" });
  element[attribute] = step.url;
  document.body.append(element);
  return outcome;
}

// requests

verbs.fetch = async (step) => {
  const options = { ...step.options };
  if (step.form) {
    options.body = new FormData();
    options.body.append("name", step.form);
  }
  try {
    return await toldOf(await fetch(step.url, options), step.show || []);
  } catch (error) {
    return error instanceof TypeError ? "error" : String(error);
  }
};

// Everything of a response that the script can read: its type, its status, the names of its headers, and what of it
// shall be shown.
async function toldOf(response, show) {
  const words = [response.type, response.status];
  if (response.redirected) {
    words.push("redirected");
  }
  words.push(...[...response.headers.keys()].filter((name) => !HOPS.includes(name)));
  for (const name of show) {
    const value = name === "body" ? await response.text() : response.headers.get(name);
    words.push(`${name}=${value}`);
  }
  return words.join(" ");
}

verbs.xhr = (step) => {
  const xhr = new XMLHttpRequest();
  xhr.open(step.method || "GET", step.url);
  xhr.withCredentials = step.credentials === true;
  if (step.upload) {
    xhr.upload.onprogress = () => {};
  }
  const lines = () => xhr.getAllResponseHeaders().trimEnd().split("\r\n");
  const names = () => lines().map((line) => line.split(":")[0].toLowerCase());
  const outcome = firstOf(xhr, { load: () => ["xhr", xhr.status, ...names().sort()].join(" "), error: "error" });
  xhr.send(step.body);
  return outcome;
};

verbs.beacon = async (step) => {
  const body = new Blob([step.body], { type: step.type });
  return navigator.sendBeacon(step.url, body) ? "queued" : "not queued";
};

verbs.eventsource = async (step) => {
  const source = new EventSource(step.url, { withCredentials: step.credentials === true });
  const outcome = await firstOf(source, { message: (event) => `message ${event.data}`, error: "error" });
  source.close();
  return outcome;
};

// The server ends the connection when it gets the message.
verbs.websocket = async (step) => {
  const socket = new WebSocket(step.url);
  const outcome = await firstOf(socket, { open: "open", error: "error" });
  if (outcome === "open") {
    socket.send("hello");
  }
  return outcome;
};

// elements

verbs.image = (step) => {
  const image = new Image();
  return loading(step, image, "src", () => (canBeRead(image) ? "readable" : "not readable"));
};

function canBeRead(image) {
  const context = document.createElement("canvas").getContext("2d");
  context.drawImage(image, 0, 0);
  try {
    return context.getImageData(0, 0, 1, 1).data.length === 4;
  } catch (error) {
    return false; // the image is of another origin
  }
}

verbs.script = (step) => loading(step, document.createElement("script"), "src", "loaded");

verbs.module = (step) => import(step.url).then((module) => `module ${module.default}`, () => "error");

verbs.style = (step) => {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  return loading(step, link, "href", () => {
    try {
      return link.sheet.cssRules.length > 0 ? "readable" : "empty";
    } catch (error) {
      return "not readable";
    }
  });
};

verbs.font = (step) => new FontFace("test", `url("${step.url}")`).load().then(() => "loaded", () => "error");

verbs.form = async (step) => {
  const frame = document.createElement("iframe");
  frame.name = "answer";
  document.body.append(frame);
  const form = document.createElement("form");
  Object.assign(form, { action: step.url, method: "POST", target: frame.name });
  document.body.append(form);
  const outcome = firstOf(frame, { load: "sent" });
  form.submit();
  return outcome;
};

// the same in a frame and in a worker

verbs.frame = (step) => {
  const call = `perform(${JSON.stringify(step.step)}).then((told) => parent.postMessage(told, "*"))`;
  const html = `<body><script src="${location.origin}/page.js"></script><script>${call}</script>`;
  const frame = document.createElement("iframe");
  if ("sandbox" in step) {
    frame.sandbox = step.sandbox;
  }
  if (step.data) {
    frame.src = `data:text/html,${encodeURIComponent(html)}`;
  } else {
    frame.srcdoc = html;
  }
  const outcome = firstOf(window, { message: (event) => event.data });
  document.body.append(frame);
  return outcome;
};

verbs.worker = (step) => {
  const worker = new Worker("/worker.js");
  worker.postMessage(step.step);
  return firstOf(worker, { message: (event) => event.data, error: "the worker failed" });
};
