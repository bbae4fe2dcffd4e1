'use strict';

// What CRMs do with a PBX's reports: parse the JSON, insert one row, answer. PGHOST, PGPORT, PGUSER, PGPASSWORD and
// PGDATABASE name the database, PORT the port.
const express = require('express');
const { Pool } = require('pg');

const pool = new Pool({ max: 20 });
const app = express();
app.use(express.json());

app.get('/health/ready', (request, response) => {
  response.sendStatus(200);
});

app.post('/reports/:site', async (request, response) => {
  const cdr = request.body;
  await pool.query({
    name: 'insert-cdr',
    text: `INSERT INTO cdr (site, call_id, started, caller, callee, duration, talked, trunk, status, type, recording, did, body)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    values: [
      request.params.site, cdr.callid, cdr.timestart, cdr.callfrom, cdr.callto, Number(cdr.callduraction), Number(cdr.talkduraction),
      cdr.srctrunkname, cdr.status, cdr.type, cdr.recording, cdr.didnumber, cdr,
    ],
  });
  response.sendStatus(200);
});

async function start() {
  await pool.query(`CREATE TABLE cdr (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, site text NOT NULL, call_id text NOT NULL, started timestamp NOT NULL,
    caller text, callee text, duration integer, talked integer, trunk text, status text, type text, recording text, did text, body jsonb NOT NULL)`);
  await pool.query('CREATE INDEX cdr_site_started ON cdr (site, started)');
  app.listen(Number(process.env.PORT), '127.0.0.1');
}

start().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
