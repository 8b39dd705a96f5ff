package dev.vitrine.lens.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;

/** Files that differ from a good one by some damage: a function of the good file and a seed. */
public final class FileMutants {
    private static final int[] NUMBERS = {
        0,
        1,
        2,
        7,
        8,
        127,
        128,
        255,
        256,
        1000,
        32_767,
        32_768,
        46_000,
        65_535,
        65_536,
        1 << 20,
        1 << 24,
        1 << 28,
        1 << 30,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        -1,
        -2,
        -128
    };

    private FileMutants() {}

    /** One mutant of a file; in half of the PNG files the checksums are right. */
    public static byte[] of(byte[] file, long seed) {
        Random random = new Random(seed);
        byte[] changed = file.clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes && changed.length > 0; i++) {
            changed = changed(changed, file, random);
        }
        boolean png = changed.length > 8 && changed[1] == 'P' && changed[2] == 'N' && changed[3] == 'G';
        return png && random.nextBoolean() ? withChecksums(changed) : changed;
    }

    private static byte[] changed(byte[] file, byte[] other, Random random) {
        // Most of what a format says stands at its beginning.
        int at = random.nextInt(random.nextBoolean() ? file.length : Math.min(file.length, 64));
        int length = Math.min(file.length - at, 1 + random.nextInt(random.nextInt(4) == 0 ? file.length : 16));
        int number = NUMBERS[random.nextInt(NUMBERS.length)];
        ByteOrder order = random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        ByteBuffer bytes = ByteBuffer.wrap(file.clone()).order(order);
        switch (random.nextInt(9)) {
            case 0 -> bytes.put(at, (byte) (bytes.get(at) ^ 1 << random.nextInt(8)));
            case 1 -> bytes.put(at, (byte) number);
            case 2 -> bytes.put(at, (byte) random.nextInt());
            case 3 -> {
                if (at + 2 <= file.length) {
                    bytes.putShort(at, (short) number);
                }
            }
            case 4 -> {
                if (at + 4 <= file.length) {
                    bytes.putInt(at, number);
                }
            }
            case 5 -> {
                return Arrays.copyOf(file, at);
            }
            case 6 -> {
                return joined(file, at, new byte[0], at + length);
            }
            case 7 -> {
                byte[] part = Arrays.copyOfRange(file, at, at + length);
                byte[] repeated = new byte[part.length * (1 + random.nextInt(5))];
                for (int i = 0; i < repeated.length; i++) {
                    repeated[i] = part[i % part.length];
                }
                return joined(file, at, repeated, at);
            }
            default -> {
                int from = random.nextInt(other.length);
                int to = Math.min(other.length, from + length);
                return joined(file, at, Arrays.copyOfRange(other, from, to), Math.min(file.length, at + to - from));
            }
        }
        return bytes.array();
    }

    private static byte[] joined(byte[] file, int end, byte[] middle, int begin) {
        byte[] joined = new byte[end + middle.length + file.length - begin];
        System.arraycopy(file, 0, joined, 0, end);
        System.arraycopy(middle, 0, joined, end, middle.length);
        System.arraycopy(file, begin, joined, end + middle.length, file.length - begin);
        return joined;
    }

    private static byte[] withChecksums(byte[] png) {
        ByteBuffer bytes = ByteBuffer.wrap(png);
        int at = 8;
        while (at + 12 <= png.length) {
            long length = bytes.getInt(at) & 0xFFFFFFFFL;
            if (at + 12 + length > png.length) {
                break;
            }
            CRC32 checksum = new CRC32();
            checksum.update(png, at + 4, (int) length + 4);
            bytes.putInt(at + 8 + (int) length, (int) checksum.getValue());
            at += 12 + (int) length;
        }
        return png;
    }

    /** Text as the bytes of a file. */
    public static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
