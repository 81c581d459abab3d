package warmfront.edge.coding;

/**
 * What was compressed.
 *
 * @param bodies bodies of which the compression began
 * @param refused bodies that stayed as they are, because too many were being compressed
 * @param bytesIn bytes of them before
 * @param bytesOut bytes of them after
 */
public record Counts(long bodies, long refused, long bytesIn, long bytesOut) {}
