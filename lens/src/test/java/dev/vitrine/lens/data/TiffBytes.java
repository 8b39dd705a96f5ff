package dev.vitrine.lens.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes uncompressed TIFF files of one page, little-endian, with any samples and tags. */
record TiffBytes(int width, int height, int bits, int photometric, int planar, List<Integer> extra, int rowsPerStrip) {
    /** One strip, pixel by pixel, without ExtraSamples. */
    static TiffBytes of(int width, int height) {
        return new TiffBytes(width, height, 8, 1, 1, List.of(), height);
    }

    TiffBytes bits(int newBits) {
        return new TiffBytes(width, height, newBits, photometric, planar, extra, rowsPerStrip);
    }

    TiffBytes photometric(int newPhotometric) {
        return new TiffBytes(width, height, bits, newPhotometric, planar, extra, rowsPerStrip);
    }

    /** Plane by plane, in strips of so many rows. */
    TiffBytes planar(int newRowsPerStrip) {
        return new TiffBytes(width, height, bits, photometric, 2, extra, newRowsPerStrip);
    }

    TiffBytes extra(Integer... newExtra) {
        return new TiffBytes(width, height, bits, photometric, planar, List.of(newExtra), rowsPerStrip);
    }

    private record Entry(int tag, int type, int... values) {}

    /** The file of some channels, each row by row. */
    byte[] file(int[]... channels) {
        int count = channels.length;
        List<int[]> strips = new ArrayList<>();
        for (int from = 0; planar == 1 && from < 1; from++) {
            int[] mixed = new int[count * width * height];
            for (int i = 0; i < mixed.length; i++) {
                mixed[i] = channels[i % count][i / count];
            }
            strips.add(mixed);
        }
        for (int channel = 0; planar == 2 && channel < count; channel++) {
            for (int row = 0; row < height; row += rowsPerStrip) {
                int end = Math.min(height, row + rowsPerStrip) * width;
                strips.add(Arrays.copyOfRange(channels[channel], row * width, end));
            }
        }
        int[] places = new int[strips.size()];
        int[] sizes = new int[strips.size()];
        int at = 8;
        for (int i = 0; i < places.length; i++) {
            places[i] = at;
            sizes[i] = strips.get(i).length * bits / 8;
            at += sizes[i];
        }
        int[] depths = new int[count];
        Arrays.fill(depths, bits);
        List<Entry> entries = new ArrayList<>(List.of(
                new Entry(256, 4, width),
                new Entry(257, 4, height),
                new Entry(258, 3, depths),
                new Entry(259, 3, 1),
                new Entry(262, 3, photometric),
                new Entry(273, 4, places),
                new Entry(277, 3, count),
                new Entry(278, 4, rowsPerStrip),
                new Entry(279, 4, sizes),
                new Entry(284, 3, planar)));
        if (!extra.isEmpty()) {
            entries.add(new Entry(338, 3, extra.stream().mapToInt(i -> i).toArray()));
        }
        int directory = at + at % 2;
        ByteBuffer file = ByteBuffer.allocate(directory + 6 + 12 * entries.size() + 4 * 4 * (places.length + count + 8))
                .order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {'I', 'I', 42, 0}).putInt(directory);
        for (int[] strip : strips) {
            for (int sample : strip) {
                if (bits == 8) {
                    file.put((byte) sample);
                } else {
                    file.putShort((short) sample);
                }
            }
        }
        file.position(directory).putShort((short) entries.size());
        int beyond = directory + 6 + 12 * entries.size();
        for (Entry entry : entries) {
            int size = entry.type() == 3 ? 2 : 4;
            file.putShort((short) entry.tag()).putShort((short) entry.type()).putInt(entry.values().length);
            int end = file.position() + 4;
            if (size * entry.values().length > 4) {
                file.putInt(beyond);
                file.position(beyond);
                beyond += size * entry.values().length;
            }
            for (int value : entry.values()) {
                if (size == 2) {
                    file.putShort((short) value);
                } else {
                    file.putInt(value);
                }
            }
            file.position(end);
        }
        return file.array();
    }
}
