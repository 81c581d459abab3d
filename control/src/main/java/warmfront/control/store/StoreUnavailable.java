package warmfront.control.store;

/**
 * The database did not answer, or not in time; nothing was changed as far as we know. The API
 * answers 503, and whoever asked may ask again.
 */
public final class StoreUnavailable extends RuntimeException {
  StoreUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
