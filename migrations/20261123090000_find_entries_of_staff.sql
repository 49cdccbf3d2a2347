-- A role is told with the invitation that it was before.
create index entries_of_staff on audit.entries (subject_id) where subject in ('staff', 'invitation');
