package warmfront.routing.dns;

import java.util.Optional;
import warmfront.distribution.PriceClass;

/**
 * What a name with chosen addresses stands for: a distribution or a channel, and all of it that the
 * choice depends on.
 *
 * @param id its id
 * @param hash of its id, for rendezvous
 * @param ipv6 whether it has IPv6 addresses
 * @param priceClass which locations are its own
 * @param explores whether locations may be explored with its viewers
 * @param home the index of the one location that a channel is at; {@link Steering#ANYWHERE} for a
 *     distribution
 * @param service what its viewers may speak
 * @param anycast the addresses that all its viewers are given; empty where they are chosen
 */
public record Site(
    String id,
    long hash,
    boolean ipv6,
    PriceClass priceClass,
    boolean explores,
    int home,
    Service service,
    Optional<Everywhere> anycast) {}
