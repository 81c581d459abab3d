-- Requests that were answered and may not come again while their signatures are taken.

create table mark (
  -- What one request has alone, hexadecimal.
  name text not null primary key,
  until bigint not null
);

create index mark_until on mark (until);
