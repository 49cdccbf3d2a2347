-- Areas, tables, and the tables that are pushed together for larger parties.
create table areas (
  id uuid primary key,
  venue_id uuid not null references venues on delete cascade,
  name text not null check (length(name) between 1 and 60),
  kind text not null check (kind in ('indoor', 'outdoor', 'bar', 'counter', 'private')),
  position smallint not null,
  constraint areas_name_is_taken unique (venue_id, name)
);

create table tables (
  id uuid primary key,
  venue_id uuid not null references venues on delete cascade,
  area_id uuid not null references areas,
  label text not null check (length(label) between 1 and 12),
  min_party smallint not null check (min_party >= 1),
  max_party smallint not null check (max_party <= 50),
  extra_seats smallint not null default 0 check (extra_seats between 0 and 10),
  kind text not null default 'standard' check (kind in ('standard', 'booth', 'high_top', 'counter', 'communal')),
  features text[] not null default '{}',
  step_free boolean not null default true,
  wheelchair_spaces smallint not null default 0 check (wheelchair_spaces between 0 and 10),
  channel text not null default 'online' check (channel in ('online', 'in_house', 'walk_in')),
  rank smallint not null default 0,
  retired_at timestamptz,
  constraint tables_label_is_taken unique (venue_id, label),
  constraint tables_party_range check (min_party <= max_party),
  -- A claim names venue and table together, so that it cannot name a table of another venue.
  constraint tables_by_venue unique (venue_id, id)
);

-- max_party is stored, never summed: tables that are joined lose seats.
create table table_combos (
  id uuid primary key,
  venue_id uuid not null references venues on delete cascade,
  min_party smallint not null check (min_party >= 1),
  max_party smallint not null check (max_party <= 50),
  channel text not null default 'online' check (channel in ('online', 'in_house', 'walk_in')),
  rank smallint not null default 0,
  constraint table_combos_party_range check (min_party <= max_party)
);

create table table_combo_members (
  combo_id uuid not null references table_combos on delete cascade,
  table_id uuid not null references tables,
  primary key (combo_id, table_id)
);
