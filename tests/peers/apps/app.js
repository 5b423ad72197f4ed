// SPDX-License-Identifier: Apache-2.0
// README.md tells what it answers. node app.js PORT
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const cors = require('cors');
const express = require('express');

const app = express();
app.disable('x-powered-by');

app.use((request, response, next) => {
  fs.appendFileSync(path.join(__dirname, 'seen.log'), `${request.method} ${request.originalUrl}\n`);
  next();
});
app.use(cors({ origin: true, credentials: true, exposedHeaders: ['X-App'], maxAge: 86400 }));
app.use(express.text({ type: '*/*' }));
app.use((request, response, next) => {
  response.set('X-App', 'express');
  next();
});

app.all('/data', (request, response) => {
  response.cookie('session', 'one', { httpOnly: true });
  response.cookie('theme', 'dark');
  response.vary('Accept-Language');
  if (request.method === 'DELETE') {
    response.status(204).end();
    return;
  }
  response.set('ETag', '"v1"');
  response.status(request.method === 'POST' ? 201 : 200);
  response.json({ cookie: request.get('Cookie') || '', body: request.body || '' });
});

app.get('/twice', (request, response) => {
  response.append('Access-Control-Allow-Origin', 'https://second.example');
  response.type('text').send('twice');
});

app.get('/throw', () => {
  throw new Error('nobody catches this');
});

app.get('/stream', (request, response) => {
  response.type('text').write('first');
  const timer = setInterval(() => {
    if (fs.existsSync(path.join(__dirname, 'gate'))) {
      clearInterval(timer);
      response.end('last');
    }
  }, 10);
});

app.get('/cached', (request, response) => {
  response.removeHeader('Vary');
  response.set('Cache-Control', 'public, max-age=600');
  response.set('ETag', '"c1"');
  response.type('text').send('cached');
});

app.get('/die', () => process.exit(1));

app.listen(Number(process.argv[2]), '127.0.0.1');
