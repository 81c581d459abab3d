package warmfront.edge.viewer;

import warmfront.time.Clock;

/** What all connections of the process share. */
record Setup(Limits limits, Clock clock, Tally tally, Guests guests) {
  Setup(Limits limits, Clock clock, Tally tally) {
    this(limits, clock, tally, new Guests(limits.address()));
  }
}
