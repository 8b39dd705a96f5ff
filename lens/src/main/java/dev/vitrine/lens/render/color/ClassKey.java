package dev.vitrine.lens.render.color;

import dev.vitrine.lens.render.text.Lettering;
import java.awt.Color;
import java.awt.Graphics2D;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Colors of classes, with the share of a picture that each covers. */
public record ClassKey(List<Entry> entries) implements Key {
    /**
     * @param share of the picture, 0..1
     */
    public record Entry(int rgb, String label, double share) {
        public String percent() {
            return String.format(Locale.ROOT, share > 0 && share < 0.0995 ? "%.1f %%" : "%.0f %%", 100 * share);
        }
    }

    private static final int SWATCH = 12;
    private static final Lettering LABEL = new Lettering(12, new Color(0x3a3d42));
    private static final int LINE = LABEL.lineHeight() + 3;

    public ClassKey {
        entries = List.copyOf(entries);
    }

    @Override
    public int height(int width) {
        return entries.stream()
                .mapToInt(entry -> (labels(entry, width).size() - 1) * LABEL.lineHeight() + LINE)
                .sum();
    }

    private static List<String> labels(Entry entry, int width) {
        List<String> lines = LABEL.wrap(entry.label, width - SWATCH - 8 - LABEL.width("100 %") - 8);
        return lines.isEmpty() ? List.of("") : lines;
    }

    @Override
    public void draw(Graphics2D graphics, int left, int top, int width) {
        int line = top;
        for (Entry entry : entries) {
            graphics.setColor(new Color(entry.rgb));
            graphics.fillRect(left, line + (LINE - SWATCH) / 2, SWATCH, SWATCH);
            LABEL.draw(graphics, entry.percent(), left + width - LABEL.width(entry.percent()), line + 1);
            List<String> labels = labels(entry, width);
            for (int index = 0; index < labels.size(); index++) {
                LABEL.draw(graphics, labels.get(index), left + SWATCH + 8, line + 1 + index * LABEL.lineHeight());
            }
            line += (labels.size() - 1) * LABEL.lineHeight() + LINE;
        }
    }

    @Override
    public String words() {
        return entries.stream()
                .map(entry -> entry.label + " " + entry.percent())
                .collect(Collectors.joining("; "));
    }
}
