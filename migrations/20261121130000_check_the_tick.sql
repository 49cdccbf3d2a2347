-- The engine and the claims know quarter hours only: what is not on one can never be sold.
create function arbiter.on_the_tick(variadic times time[]) returns boolean language sql immutable parallel safe
return (select bool_and(extract(epoch from t) % 900 = 0) from unnest(times) t);

alter table venues add constraint venues_rollover_is_on_the_tick check (arbiter.on_the_tick(day_rollover));
alter table services add constraint services_seatings_are_on_the_tick
  check (arbiter.on_the_tick(variadic seatings) and array_position(seatings, null) is null);
alter table special_days add constraint special_days_on_the_tick check (arbiter.on_the_tick(first_seating, last_seating, ends));
