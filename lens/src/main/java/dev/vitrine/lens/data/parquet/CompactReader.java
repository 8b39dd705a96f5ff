package dev.vitrine.lens.data.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Structs of Thrift's compact protocol as maps from field number to Long, String, List or Map. */
final class CompactReader {
    private static final int DEEPEST = 16;

    private final ByteBuffer bytes;

    CompactReader(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    Struct struct() throws IOException {
        return struct(0);
    }

    /** The fields of a struct that are there. */
    record Struct(Map<Integer, Object> fields) {
        long number(int field) throws IOException {
            return of(field, Long.class);
        }

        String text(int field) throws IOException {
            return of(field, String.class);
        }

        Struct struct(int field) throws IOException {
            return of(field, Struct.class);
        }

        <T> List<T> list(int field, Class<T> kind) throws IOException {
            List<T> items = new ArrayList<>();
            for (Object item : of(field, List.class)) {
                if (!kind.isInstance(item)) {
                    throw new IOException("field " + field + " holds other elements than expected");
                }
                items.add(kind.cast(item));
            }
            return items;
        }

        private <T> T of(int field, Class<T> kind) throws IOException {
            Object value = fields.get(field);
            if (!kind.isInstance(value)) {
                throw new IOException("field " + field + " of its footer is missing");
            }
            return kind.cast(value);
        }
    }

    private Struct struct(int depth) throws IOException {
        Map<Integer, Object> fields = new TreeMap<>();
        int last = 0;
        while (true) {
            int header = bytes.get() & 0xff;
            if (header == 0) {
                return new Struct(fields);
            }
            int step = header >> 4;
            last = step == 0 ? (int) signed() : last + step;
            fields.put(last, value(header & 0xf, depth));
        }
    }

    private Object value(int kind, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new IOException("its footer is nested too deep");
        }
        return switch (kind) {
            case 1, 2 -> kind == 1 ? 1L : 0L;
            case 3 -> (long) bytes.get();
            case 4, CompactWriter.I32, CompactWriter.I64 -> signed();
            case 7 -> bytes.getLong();
            case CompactWriter.BINARY -> text();
            case CompactWriter.LIST, 10 -> list(depth);
            case CompactWriter.STRUCT -> struct(depth + 1);
            default -> throw new IOException("its footer has a field of the kind " + kind);
        };
    }

    private List<Object> list(int depth) throws IOException {
        int header = bytes.get() & 0xff;
        long size = header >> 4 == 15 ? unsigned() : header >> 4;
        if (size > bytes.remaining()) {
            throw new IOException("its footer has a list of " + size + " elements");
        }
        List<Object> items = new ArrayList<>();
        for (long index = 0; index < size; index++) {
            int kind = header & 0xf;
            // Where a field has a boolean in its header, an element takes a byte.
            items.add(kind == 1 || kind == 2 ? Long.valueOf(bytes.get()) : value(kind, depth + 1));
        }
        return items;
    }

    private String text() throws IOException {
        long length = unsigned();
        if (length < 0 || length > bytes.remaining()) {
            throw new IOException("its footer has a text of " + length + " bytes");
        }
        byte[] utf8 = new byte[(int) length];
        bytes.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private long signed() {
        long value = unsigned();
        return value >>> 1 ^ -(value & 1);
    }

    private long unsigned() {
        long value = 0;
        int shift = 0;
        while (true) {
            byte next = bytes.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
            shift += 7;
        }
    }
}
