-- One booking with the arguments the server sends, for `pgbench -M prepared`. Variables (-D name=value):
--   venue         id of the venue
--   day           first service date, YYYY-MM-DD
--   days          over how many dates to spread; 1 is one hot day
--   first_start   the first start of the first date, in seconds since 1970
--   slots         how many quarter hours of a date are started in
--   option_no     '{1,2,3,3}' and
--   option_table  '{uuid,uuid,..}': every table and combination that suits, best first, one entry for each table of each
--   turn          seconds a table is taken
--   cap           covers that may start in a quarter hour
\set day_no random(0, :days - 1)
\set start :first_start + :day_no * 86400 + random(0, :slots - 1) * 900
\set guest random(1, 1000000000)
select outcome, reason, answer, changes from book(
  'bench', gen_random_uuid()::text, sha256(:guest::text::bytea),
  gen_random_uuid(), upper(substr(md5(random()::text), 1, 12)), :venue::uuid, :day::date + :day_no::integer, to_timestamp(:start::bigint), 2::smallint,
  :option_no::smallint[], :option_table::uuid[],
  array_fill(to_timestamp(:start::bigint + :turn::bigint), array[cardinality(:option_no::smallint[])]),
  array_fill(to_timestamp(:start::bigint + :turn::bigint), array[cardinality(:option_no::smallint[])]),
  :cap::smallint, :cap::smallint, true, false, null,
  'booked', null, 'Ada Bench', 'ada@example.com', null, 'ada' || :guest::text, '', '{}', null,
  'web', '{"free_cancel_minutes": 1440, "text": "", "version": 1}', sha256(:guest::text::bytea), null, 'guest');
