-- The common subset of SQLite and PostgreSQL. Times are milliseconds since 1970, flags are 0 or 1.
-- Changes to this schema are expand-then-contract: the version before must still run on it.

create table resource (
  type text not null,
  id text not null,
  parent text not null,
  status text not null,
  etag text not null,
  created bigint not null,
  modified bigint not null,
  revision bigint not null,
  -- What callers wrote, sealed: it may hold secrets.
  body bytea not null,
  -- The order of pages: counts up with each insert.
  place bigint not null,
  primary key (type, id)
);

create unique index resource_page on resource (type, parent, place);

create index resource_status on resource (type, status);

-- Where deleted rows stood, so that a page may begin after one.
create table departed (
  type text not null,
  id text not null,
  place bigint not null,
  primary key (type, id)
);

create table claim (
  scope text not null,
  name text not null,
  owner text not null,
  primary key (scope, name)
);

create index claim_owner on claim (scope, owner);

create table tag (
  arn text not null,
  name text not null,
  value text not null,
  primary key (arn, name)
);

-- The newest entries without gaps, and before them the last of each resource that is there.
create table log_entry (
  revision bigint not null primary key,
  epoch bigint not null,
  kind text not null,
  id text not null,
  sealed smallint not null,
  -- A LogEntry as core/src/main/proto has it; without its value, if that is sealed.
  entry bytea not null,
  -- The value of a secret kind, sealed.
  secret bytea
);

-- The last entry of each resource that is there: the compacted picture.
create table latest (
  kind text not null,
  id text not null,
  revision bigint not null,
  primary key (kind, id)
);

create index latest_revision on latest (revision);

-- One row. Every transaction that writes takes its lock first, so that commits are in the order of
-- revisions.
create table head (
  one smallint not null primary key check (one = 1),
  epoch bigint not null,
  revision bigint not null,
  chain text not null,
  place bigint not null
);

insert into head (one, epoch, revision, chain, place)
values (1, 1, 0, '0000000000000000000000000000000000000000000000000000000000000000', 0);
