-- Every request of a signed-in person reads the level of his identity.
create unique index identity_of_account on identity (account_id, provider);
