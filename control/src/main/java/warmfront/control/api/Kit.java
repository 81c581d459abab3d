package warmfront.control.api;

import warmfront.control.api.wire.Codec;
import warmfront.control.store.Store;
import warmfront.time.Clock;

/**
 * What every family is kept with.
 *
 * @param store where it is kept
 * @param codec writes and reads documents
 * @param ids makes ids and versions
 * @param clock the time
 * @param quotas how many of each there may be
 * @param site what ARNs are made of
 */
record Kit(Store store, Codec codec, Ids ids, Clock clock, Quotas quotas, Site site) {}
