// SPDX-License-Identifier: Apache-2.0
// node driver.js chromium|firefox PROGRAM PROFILE
// Drives one browser until stdin ends. The first line that it writes names the browser. Then each line that it reads
// is a case, {"fresh": true, "steps": [...]}, and each line that it writes the list of what its steps came to: see
// page.js. A fresh case has a browser context of its own, without cookies and caches; the others share one, and the
// page in it as long as they need the same one.
"use strict";

const puppeteer = require("puppeteer-core");
const readline = require("node:readline");

// No name but those of the tests leads anywhere, so nothing outside is asked for anything.
const NAMES = "MAP *.test 127.0.0.1, MAP *.test. 127.0.0.1, MAP * ~NOTFOUND";
const OPTIONS = {
  chromium: {
    browser: "chrome",
    pipe: true, // ends with this process
    args: [
      "--no-sandbox", // does not run as root, nor in most containers; it loads the pages of the tests alone
      `--host-resolver-rules=${NAMES}`,
      "--no-proxy-server",
      "--disable-gpu",
      "--disable-quic",
      "--disable-component-update",
      "--disable-domain-reliability",
      "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
    ],
  },
  firefox: {
    browser: "firefox",
    extraPrefsFirefox: {
      "network.dns.forceResolve": "127.0.0.1",
      "network.proxy.type": 0,
      "network.trr.mode": 5,
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
      "dom.security.https_first": false,
      "network.cookie.cookieBehavior": 0, // third-party cookies are sent, as servers must expect
      "security.enterprise_roots.enabled": false,
    },
  },
};

const contexts = {};

// The page for a case. What it still sends must not end with the case, so a context is closed when the next one comes.
async function pageFor(browser, fresh) {
  const kind = fresh ? "fresh" : "shared";
  if (fresh && contexts.fresh) {
    await contexts.fresh.close();
    delete contexts.fresh;
  }
  if (!contexts[kind]) {
    contexts[kind] = await browser.createBrowserContext();
    await contexts[kind].newPage();
  }
  return (await contexts[kind].pages())[0];
}

async function run(browser, { fresh, steps }) {
  const page = await pageFor(browser, fresh);
  const outcomes = [];
  for (const step of steps) {
    if (page.url() !== step.page) {
      await page.goto(step.page);
    }
    outcomes.push(await page.evaluate((it) => perform(it), step));
  }
  return outcomes;
}

async function main(kind, program, profile) {
  const options = { ...OPTIONS[kind], executablePath: program, userDataDir: profile, headless: true };
  const browser = await puppeteer.launch(options);
  try {
    console.log(JSON.stringify(await browser.version()));
    for await (const line of readline.createInterface({ input: process.stdin })) {
      const outcomes = await run(browser, JSON.parse(line)).catch((error) => String(error.stack));
      console.log(JSON.stringify(outcomes));
    }
  } finally {
    await browser.close();
  }
}

main(...process.argv.slice(2));
