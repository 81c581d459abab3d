-- The pairs of key value stores.

create table key_value (
  store text not null,
  name text not null,
  -- Sealed.
  value bytea not null,
  primary key (store, name)
);
