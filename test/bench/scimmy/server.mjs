// SCIMMY as its documentation shows it, on Express, with its resources in memory and an index of user names: the fastest
// store that it can have.
import { randomUUID } from 'node:crypto';
import express from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';

const users = new Map();
const byName = new Map();

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
    if (before) byName.delete(before.userName.toLowerCase());
    byName.set(user.userName.toLowerCase(), user);
    users.set(id, user);
    return user;
  })
  .egress((resource) => {
    if (!resource.id) {
      const name = nameIn(resource.filter);
      if (name === undefined) return [...users.values()];
      const user = byName.get(name.toLowerCase());
      return user ? [user] : [];
    }
    const user = users.get(resource.id);
    if (!user) throw new SCIMMY.Types.Error(404, null, `Resource ${resource.id} not found`);
    return user;
  })
  .degress((resource) => {
    byName.delete(users.get(resource.id)?.userName.toLowerCase());
    users.delete(resource.id);
  });

/** The name that a filter asks for with `userName eq`, if that is all. */
function nameIn(filter) {
  if (filter?.length !== 1 || Object.keys(filter[0]).length !== 1) return undefined;
  const [comparison, value] = filter[0].userName ?? [];
  return comparison === 'eq' ? value : undefined;
}

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
