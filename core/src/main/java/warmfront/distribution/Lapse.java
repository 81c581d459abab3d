package warmfront.distribution;

/**
 * The control plane's word that an edge's lease has lapsed: the edge may not know the latest
 * changes. It is there while the lease is lapsed, and gone when the edge is known to be up to date
 * again.
 *
 * @param id the server's id
 */
public record Lapse(String id) implements Resource {}
