package warmfront.edge.step;

import org.jspecify.annotations.Nullable;

/**
 * What differs from one answer to the next: the viewer room writes Age, X-Cache, X-Amz-Cf-Pop,
 * X-Amz-Cf-Id, Via and Cache-Status from it.
 *
 * @param requestId X-Amz-Cf-Id
 * @param result X-Cache
 * @param ageSeconds Age; -1 for none
 * @param cacheStatus the parameters of Cache-Status after the cache's name (RFC 9211, section 2),
 *     as {@code hit} or {@code fwd=miss; stored}; null for none
 */
public record Stamp(
    String requestId, ResultType result, long ageSeconds, @Nullable String cacheStatus) {}
