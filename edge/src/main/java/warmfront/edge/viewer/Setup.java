package warmfront.edge.viewer;

import warmfront.edge.step.Handler;
import warmfront.time.Clock;

/** What all connections of the process share. */
record Setup(Handler handler, Limits limits, Clock clock, Tally tally) {}
