package dev.vitrine.study.unit.page;

import dev.vitrine.study.unit.portrait.Histogram;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A histogram as bars, 440 × 150 in total, with logarithmic heights, since most values fall into few bins. */
record HistogramBars(String least, String most, List<Bar> all) {
    private static final int WIDTH = 440;
    private static final int HEIGHT = 150;

    /** @param isOff whether none of its values is above 0 */
    record Bar(boolean isOff, String x, String y, String width, String height, String words) {}

    HistogramBars(Histogram histogram) {
        this(histogram, first(histogram), end(histogram));
    }

    private HistogramBars(Histogram histogram, int first, int end) {
        this(PageText.number(histogram.edge(first)), PageText.number(histogram.edge(end)), bars(histogram, first, end));
    }

    private static int first(Histogram histogram) {
        int bin = 0;
        while (bin < histogram.bins() && histogram.count(bin) == 0) {
            bin++;
        }
        return bin;
    }

    private static int end(Histogram histogram) {
        int bin = histogram.bins();
        while (bin > 0 && histogram.count(bin - 1) == 0) {
            bin--;
        }
        return bin;
    }

    private static List<Bar> bars(Histogram histogram, int first, int end) {
        double most = 0;
        for (int bin = first; bin < end; bin++) {
            most = Math.max(most, Math.log1p(histogram.count(bin)));
        }
        double step = (double) WIDTH / Math.max(1, end - first);
        List<Bar> bars = new ArrayList<>();
        for (int bin = first; bin < end; bin++) {
            double tall = most == 0 ? 0 : HEIGHT * Math.log1p(histogram.count(bin)) / most;
            bars.add(new Bar(
                    histogram.edge(bin + 1) <= 0,
                    tenth((bin - first) * step),
                    tenth(HEIGHT - tall),
                    tenth(step - 1),
                    tenth(tall),
                    PageText.number(histogram.edge(bin)) + " to " + PageText.number(histogram.edge(bin + 1)) + ": "
                            + histogram.count(bin)));
        }
        return bars;
    }

    private static String tenth(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
