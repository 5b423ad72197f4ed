// SPDX-License-Identifier: Apache-2.0
"use strict";

importScripts("/page.js");
onmessage = async (event) => postMessage(await perform(event.data));
