-- Who is told of reads, so that a read does not look at everybody who is told of anything.
CREATE INDEX members_told_of_reads ON members (chat_id, user_id) WHERE listens >= 2;
