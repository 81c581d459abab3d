package warmfront.distribution;

/**
 * The word to DNS servers that a distribution's names may be given out: the edges have it.
 *
 * @param id the distribution's id
 */
public record Publication(String id) implements Resource {}
