package warmfront.routing.map;

/**
 * What a map maker did since its start, and how its newest map is.
 *
 * @param reports reports that were taken
 * @param reportsRefused reports that were not: of unknown locations, too many, or not credible
 * @param rows rows of the reports that were taken
 * @param rowsTooFast rows that were faster than light between the location and where the range is
 *     thought to be, and therefore weigh less
 * @param prefixes ranges of viewers that are remembered
 * @param systems autonomous systems that are remembered
 * @param evicted ranges that were forgotten for others
 * @param moved ranges that were given another location, over all editions
 * @param rollbacks editions that were taken back
 * @param nearShare share of the viewers that are sent to a location within 5 ms of the best
 *     estimate for their range, 0 to 1; NaN without viewers
 * @param elsewhereShare share of the samples of the last window that were taken elsewhere than
 *     where their range is sent: explored, shed, or of answers that resolvers still had
 * @param version the newest map's; 0 if there is none
 * @param createdMillis when it was made, milliseconds since 1970; 0 if there is none
 */
public record MapCounts(
    long reports,
    long reportsRefused,
    long rows,
    long rowsTooFast,
    long prefixes,
    long systems,
    long evicted,
    long moved,
    long rollbacks,
    double nearShare,
    double elsewhereShare,
    long version,
    long createdMillis) {}
