-- Rows in a status are looked for by whose they are, and by the revision that edges have reached.

create index resource_status_parent on resource (type, status, parent);

create index resource_status_revision on resource (type, status, revision);

drop index resource_status;
