// SCIMMY as its documentation shows it, on Express, with its resources in memory: the fastest store that it can have.
import { randomUUID } from 'node:crypto';
import express from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';

const users = new Map();

SCIMMY.Resources.declare(SCIMMY.Resources.User)
  .ingress((resource, data) => {
    const id = resource.id ?? randomUUID();
    const now = new Date().toISOString();
    const before = users.get(id);
    if (resource.id && !before) throw new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
    const user = {
      ...JSON.parse(JSON.stringify(data)),
      id,
      meta: { created: before?.meta.created ?? now, lastModified: now },
    };
    users.set(id, user);
    return user;
  })
  .egress((resource) => {
    if (!resource.id) return [...users.values()];
    const user = users.get(resource.id);
    if (!user) throw new SCIMMY.Types.Error(404, null, `Resource ${resource.id} not found`);
    return user;
  })
  .degress((resource) => {
    users.delete(resource.id);
  });

const app = express();
app.use(
  '/scim',
  new SCIMMYRouters({
    type: 'bearer',
    handler: (request) => {
      if (request.header('Authorization') !== 'Bearer demo-scim-token') throw new Error('not authorized');
      return 'bench';
    },
  }),
);
const server = app.listen(0, '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${server.address().port}/scim`),
);
