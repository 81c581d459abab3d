package warmfront.edge.viewer;

/** Why a stream or connection over HTTP/3 ends (RFC 9114, section 8.1; RFC 9204, section 6). */
enum Http3Error {
  NO_ERROR(0x100),
  GENERAL_PROTOCOL_ERROR(0x101),
  INTERNAL_ERROR(0x102),
  STREAM_CREATION_ERROR(0x103),
  CLOSED_CRITICAL_STREAM(0x104),
  FRAME_UNEXPECTED(0x105),
  FRAME_ERROR(0x106),
  EXCESSIVE_LOAD(0x107),
  ID_ERROR(0x108),
  SETTINGS_ERROR(0x109),
  MISSING_SETTINGS(0x10A),
  REQUEST_REJECTED(0x10B),
  REQUEST_CANCELLED(0x10C),
  REQUEST_INCOMPLETE(0x10D),
  MESSAGE_ERROR(0x10E),
  QPACK_DECOMPRESSION_FAILED(0x200),
  QPACK_ENCODER_STREAM_ERROR(0x201),
  QPACK_DECODER_STREAM_ERROR(0x202);

  private final int code;

  Http3Error(int code) {
    this.code = code;
  }

  /** Returns its number on the wire. */
  int code() {
    return code;
  }
}
