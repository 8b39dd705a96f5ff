package dev.vitrine.lens.render;

import dev.vitrine.lens.render.color.ClassKey;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * A picture partitioned among classes. The requested class is blue; the others follow by their share, and the rest
 * share one gray.
 */
public final class ClassRegions {
    /**
     * Distinguishable under color blindness. Okabe and Ito 2008, without black; yellow late, since it is the palest.
     */
    private static final int[] COLORS = {0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7, 0x56b4e9, 0xd55e00, 0xf0e442};

    private static final int OTHERS = 0x8a8d91;
    private static final int BORDER = 0x1a1c1f;
    private static final double OPACITY = 0.6;

    private final int width;
    private final int[] classes;
    private final Map<Integer, Integer> colors = new HashMap<>();
    private final ClassKey key;

    /**
     * @param classes of each pixel, row by row; −1 if unknown
     * @param first the requested class
     */
    public ClassRegions(int width, int[] classes, int first, IntFunction<String> labels) {
        this.width = width;
        this.classes = classes.clone();
        Map<Integer, Integer> counts = new HashMap<>();
        counts.put(first, 0);
        for (int found : classes) {
            if (found >= 0) {
                counts.merge(found, 1, Integer::sum);
            }
        }
        List<Integer> order = new ArrayList<>(counts.keySet());
        order.sort(Comparator.comparing((Integer found) -> found != first)
                .thenComparing(found -> -counts.get(found))
                .thenComparing(found -> found));
        List<ClassKey.Entry> entries = new ArrayList<>();
        boolean grouped = order.size() > COLORS.length;
        int named = grouped ? COLORS.length - 1 : order.size();
        int others = 0;
        for (int place = 0; place < order.size(); place++) {
            int found = order.get(place);
            if (place < named) {
                colors.put(found, COLORS[place]);
                entries.add(new ClassKey.Entry(COLORS[place], labels.apply(found), share(counts.get(found))));
            } else {
                colors.put(found, OTHERS);
                others += counts.get(found);
            }
        }
        if (grouped) {
            entries.add(new ClassKey.Entry(OTHERS, (order.size() - named) + " other classes", share(others)));
        }
        key = new ClassKey(entries);
    }

    private double share(int count) {
        return (double) count / classes.length;
    }

    public ClassKey key() {
        return key;
    }

    /** An overlay: one color per class, dark boundaries, transparent where unknown. */
    public BufferedImage layer() {
        BufferedImage image = new BufferedImage(width, classes.length / width, BufferedImage.TYPE_INT_ARGB);
        for (int index = 0; index < classes.length; index++) {
            if (classes[index] >= 0) {
                int color = isBorder(index) ? BORDER : colors.get(classes[index]);
                image.setRGB(index % width, index / width, 0xff000000 | color);
            }
        }
        return image;
    }

    private boolean isBorder(int index) {
        boolean right = index % width < width - 1 && classes[index + 1] != classes[index];
        boolean below = index + width < classes.length && classes[index + width] != classes[index];
        return right || below;
    }

    /** Over the faded picture. */
    public BufferedImage over(BufferedImage view) {
        return HeatmapPainter.compose(layer(), view, OPACITY);
    }
}
