-- Measurements on their way to the process that makes maps, and the newest map.

create table rtt_report (
  -- In the order in which they came.
  place bigint not null primary key,
  server text not null,
  location text not null,
  bytes bigint not null,
  -- As core's RttCodec writes them.
  content bytea not null
);

-- Parts of editions; they count once the edition stands in map_edition.
create table map_part (
  version bigint not null,
  base bigint not null,
  part integer not null,
  content bytea not null,
  primary key (version, base, part)
);

create table map_edition (
  version bigint not null,
  -- 0 if it is whole.
  base bigint not null,
  -- By the clock of its maker; for people.
  created bigint not null,
  primary key (version, base)
);
