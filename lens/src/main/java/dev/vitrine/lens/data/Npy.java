package dev.vitrine.lens.data;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NumPy's array files: magic, version, header text, raw elements. numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
 *
 * <p>Reads versions 1 to 3, little and big endian, C and Fortran order (transposed to ours). Writes version 1, little
 * endian, C order.
 */
public final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST_HEADER = 1 << 16;
    /** As many as NumPy 2 allows. */
    private static final int MOST_AXES = 64;

    private static final int ALIGNMENT = 64;
    private static final String EXPECTED = "a NumPy array file (.npy)";

    private static final Map<String, ElementType> TYPES = Map.of(
            "f2", ElementType.FLOAT16,
            "f4", ElementType.FLOAT32,
            "f8", ElementType.FLOAT64,
            "i1", ElementType.INT8,
            "i2", ElementType.INT16,
            "i4", ElementType.INT32,
            "i8", ElementType.INT64,
            "u1", ElementType.UINT8,
            "u2", ElementType.UINT16,
            "b1", ElementType.BOOL);

    private static final Pattern DESCRIPTION = Pattern.compile("'descr'\\s*:\\s*'([<>|=])([a-zA-Z]\\d+)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d,L\\s]*+)\\)");
    private static final Pattern SIZE = Pattern.compile("\\d+L?");
    private static final Pattern FIELD = Pattern.compile("'(?:descr|fortran_order|shape)'\\s*:");

    private enum Order {
        C,
        FORTRAN
    }

    private record Header(ElementType type, ByteOrder byteOrder, Order order, long[] shape) {}

    /** Where the elements of a file lie that is read piece by piece, which may be larger than a tensor. */
    record Layout(ElementType type, ByteOrder byteOrder, boolean byRows, long[] shape, long from) {}

    private Npy() {}

    /** The only array of the file, in row-major order and native byte order. */
    public static Tensor read(Path path) {
        return read(path, Long.MAX_VALUE);
    }

    /** The same, refused where it holds more numbers than that. */
    static Tensor read(Path path, long mostNumbers) {
        RegularFile.require(path, EXPECTED);
        try (FileChannel channel = FileChannel.open(path)) {
            return read(path.toString(), channel, mostNumbers);
        } catch (EOFException end) {
            throw broken(path.toString(), "the file ends inside the header, after " + end.getMessage() + " bytes");
        } catch (IOException cause) {
            throw VitrineException.failure("Cannot read " + path + ": " + cause.getMessage() + ".", cause);
        }
    }

    /** The array of a file that lies in memory; {@code name} is what errors call it. */
    static Tensor read(String name, byte[] file) {
        try {
            return read(name, new InMemory(ByteBuffer.wrap(file)), Long.MAX_VALUE);
        } catch (EOFException end) {
            throw broken(name, "the file ends inside the header, after " + end.getMessage() + " bytes");
        } catch (IOException cause) {
            throw VitrineException.failure("Cannot read " + name + ": " + cause.getMessage() + ".", cause);
        }
    }

    /** Bytes that are read as a file is. */
    private record InMemory(ByteBuffer bytes) implements SeekableByteChannel {
        @Override
        public int read(ByteBuffer target) {
            if (!bytes.hasRemaining()) {
                return -1;
            }
            int count = Math.min(target.remaining(), bytes.remaining());
            target.put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            return count;
        }

        @Override
        public long position() {
            return bytes.position();
        }

        @Override
        public long size() {
            return bytes.limit();
        }

        @Override
        public SeekableByteChannel position(long position) {
            bytes.position(Math.toIntExact(position));
            return this;
        }

        @Override
        public int write(ByteBuffer source) {
            throw new NonWritableChannelException();
        }

        @Override
        public SeekableByteChannel truncate(long size) {
            throw new NonWritableChannelException();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** Reads what comes before the elements, and checks that the file holds them all. */
    static Layout layout(String path, SeekableByteChannel channel) throws IOException {
        Header header = header(path, channel);
        long found = channel.size() - channel.position();
        long expected;
        try {
            expected = Math.multiplyExact(Tensor.elements(header.shape), (long) header.type.bytes());
        } catch (ArithmeticException overflow) {
            throw broken(path, header.type + Arrays.toString(header.shape) + " is larger than any file");
        }
        if (found != expected) {
            throw broken(
                    path,
                    header.type + Arrays.toString(header.shape) + " takes " + expected + " bytes, found " + found
                            + " after the header");
        }
        return new Layout(header.type, header.byteOrder, header.order == Order.C, header.shape, channel.position());
    }

    private static Header header(String path, SeekableByteChannel channel) throws IOException {
        ByteBuffer start = exactly(channel, MAGIC.length + 2);
        byte[] magic = new byte[MAGIC.length];
        start.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw broken(path, "it does not begin with \\x93NUMPY");
        }
        int major = start.get() & 0xff;
        if (major < 1 || major > 3) {
            throw broken(path, "format version " + major + ", expected 1, 2 or 3");
        }
        long length = major == 1
                ? exactly(channel, 2).getShort() & 0xffff
                : exactly(channel, 4).getInt() & 0xffffffffL;
        if (length > LONGEST_HEADER) {
            throw broken(path, "a header of " + length + " bytes, expected at most " + LONGEST_HEADER);
        }
        String text = (major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1)
                .decode(exactly(channel, (int) length))
                .toString()
                .strip();
        return header(path, text);
    }

    private static Tensor read(String path, SeekableByteChannel channel, long mostNumbers) throws IOException {
        Header header = header(path, channel);
        long bytes = size(path, header);
        if (bytes / header.type.bytes() > mostNumbers) {
            throw broken(
                    path,
                    header.type + Arrays.toString(header.shape) + " holds more than the " + mostNumbers
                            + " numbers that are read of a picture");
        }
        long found = channel.size() - channel.position();
        if (found != bytes) {
            throw broken(
                    path,
                    header.type + Arrays.toString(header.shape) + " takes " + bytes + " bytes, found " + found
                            + " after the header");
        }
        ByteBuffer data = exactly(channel, (int) bytes);
        toNativeOrder(data, header);
        if (header.order == Order.FORTRAN && header.shape.length > 1) {
            data = transposed(data, header);
        }
        return Tensor.wrap(header.type, header.shape, data);
    }

    private static ByteBuffer exactly(SeekableByteChannel channel, int bytes) throws IOException {
        if (bytes > channel.size() - channel.position()) {
            throw new EOFException(Long.toString(channel.size()));
        }
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException(Long.toString(channel.size()));
            }
        }
        return buffer.flip();
    }

    private static Header header(String path, String text) {
        Matcher description = DESCRIPTION.matcher(text);
        Matcher order = ORDER.matcher(text);
        Matcher shape = SHAPE.matcher(text);
        long fields = FIELD.matcher(text).results().count();
        boolean dictionary = text.startsWith("{") && text.endsWith("}") && fields == 3;
        if (!dictionary || !description.find() || !order.find() || !shape.find()) {
            throw broken(
                    path,
                    "header " + shortened(text)
                            + ", expected {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } with a plain"
                            + " element type");
        }
        ElementType type = TYPES.get(description.group(2));
        if (type == null) {
            throw broken(
                    path,
                    "elements of type '" + description.group(1) + description.group(2)
                            + "', expected one of f2, f4, f8, i1, i2, i4, i8, u1, u2, b1. Convert it with"
                            + " array.astype('float32')");
        }
        ByteOrder byteOrder = switch (description.group(1).charAt(0)) {
            case '>' -> ByteOrder.BIG_ENDIAN;
            case '<' -> ByteOrder.LITTLE_ENDIAN;
            default -> {
                if (type.bytes() > 1) {
                    throw broken(path, "elements of type '" + description.group(0) + "' without a byte order");
                }
                yield ByteOrder.LITTLE_ENDIAN;
            }
        };
        Order layout = order.group(1).equals("True") ? Order.FORTRAN : Order.C;
        return new Header(type, byteOrder, layout, shape(path, shape.group(1)));
    }

    private static long[] shape(String path, String text) {
        String plain = text.strip();
        String[] parts = plain.isEmpty() ? new String[0] : plain.split(",");
        if (parts.length > MOST_AXES) {
            throw broken(path, "an array of " + parts.length + " axes, expected at most " + MOST_AXES);
        }
        long[] shape = new long[parts.length];
        for (int axis = 0; axis < shape.length; axis++) {
            String part = parts[axis].strip();
            if (!SIZE.matcher(part).matches()) {
                throw broken(path, "shape (" + shortened(plain) + "), expected whole numbers");
            }
            try {
                shape[axis] = Long.parseLong(part.replace("L", ""));
            } catch (NumberFormatException tooLarge) {
                throw broken(path, "shape (" + shortened(plain) + ") is out of range");
            }
        }
        return shape;
    }

    private static long size(String path, Header header) {
        try {
            return Math.toIntExact(Math.multiplyExact(Tensor.elements(header.shape), (long) header.type.bytes()));
        } catch (ArithmeticException overflow) {
            throw broken(
                    path,
                    header.type + Arrays.toString(header.shape) + " is larger than the 2 GiB that one tensor holds");
        }
    }

    private static void toNativeOrder(ByteBuffer data, Header header) {
        int width = header.type.bytes();
        if (width == 1 || header.byteOrder == ByteOrder.nativeOrder()) {
            return;
        }
        for (int start = 0; start < data.limit(); start += width) {
            for (int low = start, high = start + width - 1; low < high; low++, high--) {
                byte swapped = data.get(low);
                data.put(low, data.get(high)).put(high, swapped);
            }
        }
    }

    private static ByteBuffer transposed(ByteBuffer data, Header header) {
        int width = header.type.bytes();
        int rank = header.shape.length;
        ByteBuffer result = Tensor.allocate(header.type, header.shape);
        long[] strides = new long[rank];
        long stride = width;
        for (int axis = 0; axis < rank; axis++) {
            strides[axis] = stride;
            stride *= header.shape[axis];
        }
        long[] index = new long[rank];
        int source = 0;
        while (result.hasRemaining()) {
            for (int offset = 0; offset < width; offset++) {
                result.put(data.get(source + offset));
            }
            int axis = rank - 1;
            while (axis >= 0) {
                source += (int) strides[axis];
                if (++index[axis] < header.shape[axis]) {
                    break;
                }
                source -= (int) (strides[axis] * header.shape[axis]);
                index[axis] = 0;
                axis--;
            }
        }
        return result.flip();
    }

    /** The file's bytes for an f32 tensor: version 1, little endian, C order, as {@code numpy.save} writes them. */
    public static byte[] bytes(Tensor tensor) {
        float[] values = tensor.toFloats();
        byte[] header = header(tensor.shape());
        int total = Math.addExact(header.length, Math.multiplyExact(values.length, Float.BYTES));
        ByteBuffer file = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
        file.put(header);
        file.asFloatBuffer().put(values);
        return file.array();
    }

    /** The file's bytes for whole numbers: int64, in row-major order. */
    public static byte[] bytes(long[] values, long... dimensions) {
        byte[] header = header("<i8", dimensions);
        ByteBuffer file = ByteBuffer.allocate(
                        Math.addExact(header.length, Math.multiplyExact(values.length, Long.BYTES)))
                .order(ByteOrder.LITTLE_ENDIAN);
        file.put(header);
        file.asLongBuffer().put(values);
        return file.array();
    }

    /** What a file of float32 begins with, for one that is written piece by piece: its elements follow, little endian. */
    public static byte[] header(long... dimensions) {
        return header("<f4", dimensions);
    }

    static byte[] header(String type, long... dimensions) {
        StringBuilder shape = new StringBuilder("(");
        for (int axis = 0; axis < dimensions.length; axis++) {
            shape.append(axis > 0 ? ", " : "").append(dimensions[axis]);
        }
        shape.append(dimensions.length == 1 ? ",)" : ")");
        String text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
        int prefix = MAGIC.length + 4;
        int padding = ALIGNMENT - (prefix + text.length() + 1) % ALIGNMENT;
        String padded = text + " ".repeat(padding % ALIGNMENT) + "\n";
        ByteBuffer header = ByteBuffer.allocate(prefix + padded.length()).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) padded.length());
        header.put(padded.getBytes(StandardCharsets.ISO_8859_1));
        return header.array();
    }

    public static void write(Path target, Tensor tensor) {
        OutputFile.write(target, bytes(tensor));
    }

    private static String shortened(String text) {
        return text.length() <= 120 ? text : text.substring(0, 117) + "...";
    }

    private static VitrineException broken(String path, String found) {
        return VitrineException.failure(path + " is not a NumPy array file that can be read: " + found + ".");
    }
}
