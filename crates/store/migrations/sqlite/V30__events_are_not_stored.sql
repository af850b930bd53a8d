-- Nothing read what was written here with every change. Who is told of events has rows of its own, or is told when they are durable.
DROP TABLE events;
