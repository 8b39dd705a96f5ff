package dev.vitrine.lens.data.parquet;

/** Numbers of the Parquet format: parquet.thrift, Apache Parquet format 2. */
final class Layout {
    static final byte[] MAGIC = {'P', 'A', 'R', '1'};
    static final int INT32 = 1;
    static final int FLOAT = 4;
    static final int BYTE_ARRAY = 6;
    static final int REQUIRED = 0;
    static final int UTF8 = 0;
    static final int PLAIN = 0;
    static final int RUN_LENGTH = 3;
    static final int GZIP = 2;
    static final int DATA_PAGE = 0;

    private Layout() {}
}
