package dev.vitrine.lens.data.tiff;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import javax.imageio.stream.ImageInputStream;

/**
 * How the first page of a TIFF file stores its samples, and the page written anew so that a decoder that knows colors and
 * alpha only reads all of them. TIFF 6.0, sections 2 and 18; BigTIFF alike.
 */
public final class TiffPage {
    private static final int BITS = 258;
    private static final int PHOTOMETRIC = 262;
    private static final int WIDTH = 256;
    private static final int LENGTH = 257;
    private static final int COMPRESSION = 259;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_LENGTH = 323;
    private static final int OLD_JPEG_FILE = 513;
    private static final int JPEG_TABLES = 347;
    private static final int OLD_JPEG = 6;
    private static final int JPEG = 7;
    private static final int ORIENTATION = 274;
    private static final int SAMPLES = 277;
    private static final int PLANAR = 284;
    private static final int EXTRA = 338;
    private static final int FORMAT = 339;
    /** Offsets and byte counts of strips and of tiles. */
    private static final List<Integer> PARTS = List.of(273, 279, 324, 325);
    /** What decoding a plain page needs: sizes, compression, fill order, rows a strip, predictor, tiles, JPEG tables. */
    private static final List<Integer> KEPT =
            List.of(256, 257, BITS, 259, 266, 273, 278, 279, 292, 317, 322, 323, 324, 325, FORMAT, 347);

    private static final int BLACK_IS_ZERO = 1;
    private static final int RGB = 2;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int LONG8 = 16;
    private static final int MOST_VALUES = 1 << 22;

    /** One entry of the directory; {@code field} is its value, or where that lies. */
    private record Entry(int type, long count, byte[] field) {}

    private final ByteOrder order;
    private final boolean big;
    private final TreeMap<Integer, Entry> entries = new TreeMap<>();

    private TiffPage(ByteOrder order, boolean big) {
        this.order = order;
        this.big = big;
    }

    /** The first page of a file; empty where its directory cannot be read. Leaves the stream at its beginning. */
    public static Optional<TiffPage> of(ImageInputStream file) throws IOException {
        try {
            file.seek(0);
            ByteOrder order = file.readByte() == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
            file.seek(2);
            file.setByteOrder(order);
            TiffPage page = new TiffPage(order, file.readUnsignedShort() == 43);
            page.readEntries(file);
            return Optional.of(page);
        } catch (EOFException | IndexOutOfBoundsException damaged) {
            return Optional.empty();
        } finally {
            file.seek(0);
        }
    }

    /** Exif tag 0x0112 of the first page; empty where it is absent or damaged. Leaves the stream at its beginning. */
    public static Optional<Integer> orientation(ImageInputStream file) throws IOException {
        try {
            Optional<TiffPage> page = of(file);
            long[] values = page.isPresent() ? page.get().values(file, ORIENTATION) : new long[0];
            return values.length == 0 ? Optional.empty() : Optional.of((int) values[0]);
        } catch (IOException | IndexOutOfBoundsException damaged) {
            return Optional.empty();
        } finally {
            file.seek(0);
        }
    }

    private void readEntries(ImageInputStream file) throws IOException {
        file.seek(big ? 8 : 4);
        file.seek(big ? file.readLong() : file.readUnsignedInt());
        long count = big ? file.readLong() : file.readUnsignedShort();
        for (long index = 0; index < Math.min(count, 1 << 16); index++) {
            int tag = file.readUnsignedShort();
            int type = file.readUnsignedShort();
            long values = big ? file.readLong() : file.readUnsignedInt();
            byte[] field = new byte[fieldSize()];
            file.readFully(field);
            entries.putIfAbsent(tag, new Entry(type, values, field));
        }
    }

    private int fieldSize() {
        return big ? 8 : 4;
    }

    private static int size(int type) {
        return switch (type) {
            case SHORT -> 2;
            case LONG -> 4;
            case LONG8 -> 8;
            default -> 1;
        };
    }

    /** The whole numbers of a tag; none where it is absent. */
    private long[] values(ImageInputStream file, int tag) throws IOException {
        Entry entry = entries.get(tag);
        if (entry == null) {
            return new long[0];
        }
        if (entry.count() < 0 || entry.count() > MOST_VALUES) {
            throw new IOException("tag " + tag + " of its directory has " + entry.count() + " values");
        }
        int size = size(entry.type());
        byte[] bytes = new byte[Math.toIntExact(entry.count() * size)];
        if (bytes.length <= fieldSize()) {
            System.arraycopy(entry.field(), 0, bytes, 0, bytes.length);
        } else {
            file.seek(place(entry.field()));
            file.readFully(bytes);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(order);
        long[] values = new long[(int) entry.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (size) {
                case 2 -> buffer.getShort() & 0xFFFFL;
                case 4 -> buffer.getInt() & 0xFFFFFFFFL;
                case 8 -> buffer.getLong();
                default -> buffer.get() & 0xFFL;
            };
        }
        return values;
    }

    /** How many numbers all pixels have together, and the bytes of one tile where the page has tiles. */
    public record Extent(long numbers, long tileBytes) {}

    /** What the directory says of the page's size; absent sizes count as 1. */
    public Extent extent(ImageInputStream file) throws IOException {
        long samples = first(file, SAMPLES, 1);
        long bits = first(file, BITS, 1);
        double tile = (double) first(file, TILE_WIDTH, 0) * first(file, TILE_LENGTH, 0) * samples * bits / 8;
        double numbers = (double) first(file, WIDTH, 1) * first(file, LENGTH, 1) * samples;
        return new Extent((long) numbers, (long) tile);
    }

    /** The JPEG files in which the pixels are coded, and the tables that they share; none where they are coded otherwise. */
    public List<InputStream> jpegs(ImageInputStream file) throws IOException {
        long compression = first(file, COMPRESSION, 1);
        List<InputStream> parts = new ArrayList<>();
        if (compression != OLD_JPEG && compression != JPEG) {
            return parts;
        }
        addParts(file, parts, 273, 279);
        addParts(file, parts, 324, 325);
        addParts(file, parts, OLD_JPEG_FILE, OLD_JPEG_FILE + 1);
        Entry tables = entries.get(JPEG_TABLES);
        if (tables != null && tables.count() > fieldSize()) {
            parts.add(new PartStream(file, place(tables.field()), tables.count()));
        }
        return parts;
    }

    private void addParts(ImageInputStream file, List<InputStream> parts, int places, int sizes) throws IOException {
        long[] starts = values(file, places);
        long[] lengths = values(file, sizes);
        for (int i = 0; i < starts.length; i++) {
            parts.add(new PartStream(file, starts[i], i < lengths.length ? lengths[i] : Long.MAX_VALUE));
        }
    }

    private long place(byte[] field) {
        ByteBuffer buffer = ByteBuffer.wrap(field).order(order);
        return big ? buffer.getLong() : buffer.getInt() & 0xFFFFFFFFL;
    }

    private long first(ImageInputStream file, int tag, long absent) throws IOException {
        long[] values = values(file, tag);
        return values.length == 0 ? absent : values[0];
    }

    /**
     * Whether a pixel has samples that are neither a color nor alpha: ExtraSamples says 0 (unspecified), or nothing, or
     * there are several.
     */
    public boolean hasData(ImageInputStream file) throws IOException {
        long photometric = first(file, PHOTOMETRIC, -1);
        long samples = first(file, SAMPLES, 1);
        if (photometric < 0 || photometric > RGB) {
            return false;
        }
        long extra = samples - (photometric == RGB ? 3 : 1);
        long[] said = values(file, EXTRA);
        boolean alpha = extra == 1 && said.length == 1 && (said[0] == 1 || said[0] == 2);
        return extra > 0 && !alpha;
    }

    /** Whether the first three samples are red, green and blue. */
    public boolean startsWithColors(ImageInputStream file) throws IOException {
        return first(file, PHOTOMETRIC, -1) == RGB;
    }

    /**
     * The page as a file without colors: one of all samples, or, where they are stored plane by plane, one for each of
     * them. The files read from the given stream, one at a time.
     */
    public List<ImageInputStream> asData(ImageInputStream file) throws IOException {
        int samples = Math.toIntExact(first(file, SAMPLES, 1));
        boolean planar = first(file, PLANAR, 1) == 2;
        List<ImageInputStream> views = new ArrayList<>();
        for (int plane = 0; plane < (planar ? samples : 1); plane++) {
            TreeMap<Integer, long[]> changed = new TreeMap<>();
            changed.put(PHOTOMETRIC, new long[] {BLACK_IS_ZERO});
            changed.put(SAMPLES, new long[] {planar ? 1 : samples});
            if (planar) {
                for (int tag : List.of(BITS, FORMAT)) {
                    long[] each = values(file, tag);
                    if (each.length > 0) {
                        changed.put(tag, new long[] {each[Math.min(plane, each.length - 1)]});
                    }
                }
                for (int tag : PARTS) {
                    long[] all = values(file, tag);
                    if (all.length % samples != 0) {
                        throw new IOException(all.length + " strips or tiles for " + samples + " planes");
                    }
                    if (all.length > 0) {
                        int each = all.length / samples;
                        changed.put(tag, Arrays.copyOfRange(all, plane * each, (plane + 1) * each));
                    }
                }
            } else {
                changed.put(EXTRA, new long[samples - 1]);
            }
            views.add(view(file, changed));
        }
        return views;
    }

    private ImageInputStream view(ImageInputStream file, TreeMap<Integer, long[]> changed) throws IOException {
        TreeMap<Integer, Entry> kept = new TreeMap<>(entries);
        kept.keySet().retainAll(KEPT);
        changed.forEach((tag, values) -> kept.put(tag, new Entry(0, 0, new byte[0])));
        long start = big ? 1L << 40 : 0xF000_0000L;
        int directory = kept.size() * (big ? 20 : 12) + (big ? 16 : 6);
        ByteArrayOutputStream beyond = new ByteArrayOutputStream();
        ByteBuffer written = ByteBuffer.allocate(directory).order(order);
        if (big) {
            written.putLong(kept.size());
        } else {
            written.putShort((short) kept.size());
        }
        for (int tag : kept.keySet()) {
            Entry entry =
                    changed.containsKey(tag) ? entry(tag, changed.get(tag), start + directory, beyond) : kept.get(tag);
            written.putShort((short) tag).putShort((short) entry.type());
            if (big) {
                written.putLong(entry.count());
            } else {
                written.putInt((int) entry.count());
            }
            written.put(entry.field());
        }
        ByteBuffer tail = ByteBuffer.allocate(directory + beyond.size());
        tail.put(written.array()).put(beyond.toByteArray());
        byte[] head = new byte[big ? 16 : 8];
        file.seek(0);
        file.readFully(head);
        ByteBuffer pointer = ByteBuffer.wrap(head).order(order);
        if (big) {
            pointer.putLong(8, start);
        } else {
            pointer.putInt(4, (int) start);
        }
        return new OverlaidStream(file, head, start, tail.array());
    }

    /** Short numbers as such, places as wide as the file has them; lists lie beyond the directory. */
    private Entry entry(int tag, long[] values, long start, ByteArrayOutputStream beyond) {
        int type = !PARTS.contains(tag) ? SHORT : big ? LONG8 : LONG;
        ByteBuffer bytes = ByteBuffer.allocate(Math.max(fieldSize(), values.length * size(type)))
                .order(order);
        for (long value : values) {
            if (type == SHORT) {
                bytes.putShort((short) value);
            } else if (type == LONG) {
                bytes.putInt((int) value);
            } else {
                bytes.putLong(value);
            }
        }
        if (bytes.capacity() == fieldSize()) {
            return new Entry(type, values.length, bytes.array());
        }
        ByteBuffer field = ByteBuffer.allocate(fieldSize()).order(order);
        long place = start + beyond.size();
        if (big) {
            field.putLong(place);
        } else {
            field.putInt((int) place);
        }
        beyond.writeBytes(bytes.array());
        return new Entry(type, values.length, field.array());
    }
}
