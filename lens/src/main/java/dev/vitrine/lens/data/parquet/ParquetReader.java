package dev.vitrine.lens.data.parquet;

import dev.vitrine.lens.data.parquet.CompactReader.Struct;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Reads the files of {@link ParquetWriter}. */
final class ParquetReader {
    /** How many bytes one of a gzipped page can stand for. RFC 1951. */
    private static final long MOST_DEFLATED = 1032;
    /** Of all columns together. */
    private static final long MOST_BYTES = 1L << 30;
    /** Numbers, and the length of a text. */
    private static final int LEAST_VALUE_BYTES = 4;

    private final byte[] file;
    private long unpackedBytes;

    ParquetReader(byte[] file) {
        this.file = file;
    }

    ParquetTable read() throws IOException {
        int magic = Layout.MAGIC.length;
        boolean whole = file.length >= 2 * magic + 4
                && Arrays.equals(file, 0, magic, Layout.MAGIC, 0, magic)
                && Arrays.equals(file, file.length - magic, file.length, Layout.MAGIC, 0, magic);
        if (!whole) {
            throw new IOException("it does not begin and end as Parquet does");
        }
        int end = file.length - magic - 4;
        int length = little(end, 4).getInt();
        Struct footer = new CompactReader(little(end - length, length)).struct();
        List<Struct> groups = footer.list(4, Struct.class);
        if (groups.size() != 1) {
            throw new IOException("it has " + groups.size() + " row groups, expected one");
        }
        List<Column> columns = new ArrayList<>();
        for (Struct chunk : groups.get(0).list(1, Struct.class)) {
            columns.add(column(chunk.struct(3)));
        }
        Map<String, String> facts = new LinkedHashMap<>();
        for (Struct fact : footer.list(5, Struct.class)) {
            facts.put(fact.text(1), fact.text(2));
        }
        return new ParquetTable(columns, facts);
    }

    private ByteBuffer little(int from, int length) throws IOException {
        if (from < 0 || length < 0 || length > file.length - from) {
            throw new IOException("a part of it is cut off");
        }
        return ByteBuffer.wrap(file, from, length).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    private Column column(Struct meta) throws IOException {
        String name = String.join(".", meta.list(3, String.class));
        if (meta.number(4) != Layout.GZIP) {
            throw new IOException("column " + name + " is not packed by gzip");
        }
        int offset = Math.toIntExact(meta.number(9));
        ByteBuffer rest = little(offset, file.length - offset);
        Struct header = new CompactReader(rest).struct();
        int rows = Math.toIntExact(meta.number(5));
        if (header.struct(5).number(1) != rows || header.struct(5).number(2) != Layout.PLAIN) {
            throw new IOException("column " + name + " is not one plain page");
        }
        int packed = Math.toIntExact(header.number(3));
        int unpacked = Math.toIntExact(header.number(2));
        if (packed < 0 || unpacked < 0 || unpacked > MOST_DEFLATED * packed) {
            throw new IOException("column " + name + " of " + packed + " bytes unpacks to " + unpacked);
        }
        if (rows < 0 || rows > unpacked / LEAST_VALUE_BYTES) {
            throw new IOException("column " + name + " has " + rows + " rows in " + unpacked + " bytes");
        }
        unpackedBytes += unpacked;
        if (unpackedBytes > MOST_BYTES) {
            throw new IOException("its columns unpack to more than " + (MOST_BYTES >> 20) + " MiB");
        }
        byte[] plain = new byte[unpacked];
        int at = offset + rest.position();
        little(at, packed);
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(file, at, packed))) {
            if (gzip.readNBytes(plain, 0, plain.length) != plain.length) {
                throw new IOException("column " + name + " is too short");
            }
        }
        ByteBuffer bytes = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
        return switch (Math.toIntExact(meta.number(1))) {
            case Layout.INT32 -> {
                int[] values = new int[rows];
                bytes.asIntBuffer().get(values);
                yield new Column.Integers(name, values);
            }
            case Layout.FLOAT -> {
                float[] values = new float[rows];
                bytes.asFloatBuffer().get(values);
                yield new Column.Floats(name, values);
            }
            case Layout.BYTE_ARRAY -> texts(name, bytes, rows);
            default -> throw new IOException("column " + name + " has the type " + meta.number(1));
        };
    }

    private static Column texts(String name, ByteBuffer bytes, int rows) throws IOException {
        List<String> values = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            int length = bytes.getInt();
            if (length < 0 || length > bytes.remaining()) {
                throw new IOException("column " + name + " has a text of " + length + " bytes");
            }
            byte[] utf8 = new byte[length];
            bytes.get(utf8);
            values.add(new String(utf8, StandardCharsets.UTF_8));
        }
        return new Column.Texts(name, values);
    }
}
