package dev.vitrine.lens.render.text;

import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The outlines of a bundled TrueType font, unhinted, left to right without shaping. Java's own fonts differ by machine
 * and fail where the system has none. Tables as in the OpenType specification 1.9.
 */
final class Typeface {
    /** DejaVu Sans 2.37. */
    static final Typeface DEJAVU_SANS = resource("DejaVuSans.ttf");

    private static final int ON_CURVE = 1;
    private static final int X_SHORT = 2;
    private static final int Y_SHORT = 4;
    private static final int REPEAT = 8;
    private static final int X_SAME_OR_POSITIVE = 16;
    private static final int Y_SAME_OR_POSITIVE = 32;

    private static final int WORD_OFFSETS = 1;
    private static final int OFFSETS_ARE_XY = 2;
    private static final int ONE_SCALE = 8;
    private static final int MORE_COMPONENTS = 32;
    private static final int TWO_SCALES = 64;
    private static final int FULL_MATRIX = 128;
    private static final float F2DOT14 = 1 << 14;

    private final ByteBuffer data;
    private final Map<String, Integer> tables = new HashMap<>();
    private final Map<Integer, Path2D> outlines = new ConcurrentHashMap<>();
    private final int unitsPerEm;
    private final int longOffsets;
    private final int metrics;
    private final int characters;

    private Typeface(ByteBuffer data) {
        this.data = data;
        int count = data.getShort(4);
        byte[] tag = new byte[4];
        for (int table = 0; table < count; table++) {
            data.get(12 + 16 * table, tag);
            tables.put(new String(tag, StandardCharsets.ISO_8859_1), data.getInt(12 + 16 * table + 8));
        }
        unitsPerEm = unsigned(tables.get("head") + 18);
        longOffsets = data.getShort(tables.get("head") + 50);
        metrics = unsigned(tables.get("hhea") + 34);
        characters = characters();
    }

    private static Typeface resource(String name) {
        try (InputStream stream = Typeface.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("no resource " + name + " beside " + Typeface.class);
            }
            return new Typeface(ByteBuffer.wrap(stream.readAllBytes()));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Pixels from the start of the first glyph to the start of a next one. */
    double width(String text, double size) {
        return text.codePoints().mapToLong(code -> advance(glyph(code))).sum() * size / unitsPerEm;
    }

    /** Outlines with the first glyph's origin at (x, y), y pointing down. */
    Path2D outline(String text, double size, double x, double y) {
        Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO);
        double scale = size / unitsPerEm;
        double place = x;
        for (int code : text.codePoints().toArray()) {
            int glyph = glyph(code);
            path.append(
                    outlines.computeIfAbsent(glyph, this::contours)
                            .getPathIterator(new AffineTransform(scale, 0, 0, -scale, place, y)),
                    false);
            place += advance(glyph) * scale;
        }
        return path;
    }

    private int characters() {
        int table = tables.get("cmap");
        int best = -1;
        for (int record = 0; record < unsigned(table + 2); record++) {
            int subtable = table + data.getInt(table + 4 + 8 * record + 4);
            int format = unsigned(subtable);
            if (format == 12 || (format == 4 && best < 0)) {
                best = subtable;
            }
        }
        return best;
    }

    private int glyph(int code) {
        return unsigned(characters) == 12 ? glyphOfGroups(code) : glyphOfSegments(code);
    }

    private int glyphOfGroups(int code) {
        int groups = data.getInt(characters + 12);
        for (int group = characters + 16; group < characters + 16 + 12 * groups; group += 12) {
            int first = data.getInt(group);
            if (code >= first && code <= data.getInt(group + 4)) {
                return data.getInt(group + 8) + code - first;
            }
        }
        return 0;
    }

    private int glyphOfSegments(int code) {
        int doubled = unsigned(characters + 6);
        int ends = characters + 14;
        for (int segment = 0; segment < doubled && code <= 0xffff; segment += 2) {
            int first = unsigned(ends + doubled + 2 + segment);
            if (code <= unsigned(ends + segment)) {
                if (code < first) {
                    return 0;
                }
                int delta = unsigned(ends + 2 * doubled + 2 + segment);
                int place = ends + 3 * doubled + 2 + segment;
                int offset = unsigned(place);
                int glyph = offset == 0 ? code : unsigned(place + offset + 2 * (code - first));
                return glyph == 0 ? 0 : glyph + delta & 0xffff;
            }
        }
        return 0;
    }

    private int advance(int glyph) {
        return unsigned(tables.get("hmtx") + 4 * Math.min(glyph, metrics - 1));
    }

    private Path2D contours(int glyph) {
        Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO);
        int start = location(glyph);
        if (start == location(glyph + 1)) {
            return path;
        }
        int header = tables.get("glyf") + start;
        int contours = data.getShort(header);
        if (contours < 0) {
            composite(path, header + 10);
        } else {
            simple(path, header + 10, contours);
        }
        return path;
    }

    private int location(int glyph) {
        int table = tables.get("loca");
        return longOffsets == 1 ? data.getInt(table + 4 * glyph) : 2 * unsigned(table + 2 * glyph);
    }

    private void composite(Path2D path, int start) {
        int place = start;
        int flags;
        do {
            flags = unsigned(place);
            int glyph = unsigned(place + 2);
            place += 4;
            boolean words = (flags & WORD_OFFSETS) != 0;
            int dx = words ? data.getShort(place) : data.get(place);
            int dy = words ? data.getShort(place + 2) : data.get(place + 1);
            place += words ? 4 : 2;
            double[] matrix = {1, 0, 0, 1};
            if ((flags & ONE_SCALE) != 0) {
                matrix[0] = fraction(place);
                matrix[3] = matrix[0];
                place += 2;
            } else if ((flags & TWO_SCALES) != 0) {
                matrix[0] = fraction(place);
                matrix[3] = fraction(place + 2);
                place += 4;
            } else if ((flags & FULL_MATRIX) != 0) {
                for (int entry = 0; entry < 4; entry++) {
                    matrix[entry] = fraction(place + 2 * entry);
                }
                place += 8;
            }
            boolean shifted = (flags & OFFSETS_ARE_XY) != 0;
            AffineTransform placed =
                    new AffineTransform(matrix[0], matrix[1], matrix[2], matrix[3], shifted ? dx : 0, shifted ? dy : 0);
            path.append(contours(glyph).getPathIterator(placed), false);
        } while ((flags & MORE_COMPONENTS) != 0);
    }

    private double fraction(int place) {
        return data.getShort(place) / F2DOT14;
    }

    private void simple(Path2D path, int start, int contours) {
        int points = contours == 0 ? 0 : unsigned(start + 2 * (contours - 1)) + 1;
        int place = start + 2 * contours;
        place += 2 + unsigned(place);
        byte[] flags = new byte[points];
        for (int point = 0; point < points; point++) {
            flags[point] = data.get(place++);
            if ((flags[point] & REPEAT) != 0) {
                int repeats = data.get(place++) & 0xff;
                for (; repeats > 0; repeats--, point++) {
                    flags[point + 1] = flags[point];
                }
            }
        }
        int[] x = new int[points];
        int[] y = new int[points];
        place = coordinates(x, flags, place, X_SHORT, X_SAME_OR_POSITIVE);
        coordinates(y, flags, place, Y_SHORT, Y_SAME_OR_POSITIVE);
        int first = 0;
        for (int contour = 0; contour < contours; contour++) {
            int last = unsigned(start + 2 * contour);
            contour(path, flags, x, y, first, last);
            first = last + 1;
        }
    }

    private int coordinates(int[] values, byte[] flags, int start, int shortFlag, int sameFlag) {
        int place = start;
        int value = 0;
        for (int point = 0; point < values.length; point++) {
            boolean same = (flags[point] & sameFlag) != 0;
            if ((flags[point] & shortFlag) != 0) {
                int step = data.get(place++) & 0xff;
                value += same ? step : -step;
            } else if (!same) {
                value += data.getShort(place);
                place += 2;
            }
            values[point] = value;
        }
        return place;
    }

    // Between two control points off the curve lies an implied one on it, halfway.
    private static void contour(Path2D path, byte[] flags, int[] x, int[] y, int first, int last) {
        int count = last - first + 1;
        if (count < 2) {
            return;
        }
        int origin = first;
        while (origin <= last && (flags[origin] & ON_CURVE) == 0) {
            origin++;
        }
        boolean implied = origin > last;
        origin = implied ? first : origin;
        double startX = implied ? (x[first] + x[last]) / 2.0 : x[origin];
        double startY = implied ? (y[first] + y[last]) / 2.0 : y[origin];
        path.moveTo(startX, startY);
        int control = implied ? first : -1;
        for (int step = 1; step < count; step++) {
            int point = first + (origin - first + step) % count;
            boolean on = (flags[point] & ON_CURVE) != 0;
            if (control < 0) {
                if (on) {
                    path.lineTo(x[point], y[point]);
                }
            } else if (on) {
                path.quadTo(x[control], y[control], x[point], y[point]);
            } else {
                path.quadTo(x[control], y[control], (x[control] + x[point]) / 2.0, (y[control] + y[point]) / 2.0);
            }
            control = on ? -1 : point;
        }
        if (control >= 0) {
            path.quadTo(x[control], y[control], startX, startY);
        }
        path.closePath();
    }

    private int unsigned(int place) {
        return data.getShort(place) & 0xffff;
    }
}
