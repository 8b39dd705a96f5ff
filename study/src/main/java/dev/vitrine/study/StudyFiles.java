package dev.vitrine.study;

import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.render.file.Png;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files of a study: {@code METHOD.html}, {@code METHOD.png} and {@code METHOD.json}.
 *
 * @param data description of the data, as in the plot's caption
 */
public record StudyFiles(String method, String model, String data) {
    public List<Path> write(Path folder, String page, BufferedImage plot, String summary) {
        Path pageFile = folder.resolve(method + ".html");
        Path plotFile = folder.resolve(method + ".png");
        Path summaryFile = folder.resolve(method + ".json");
        OutputFile.write(pageFile, page);
        Map<String, String> text = new LinkedHashMap<>(Map.of("Software", "Vitrine"));
        text.put("Model", model);
        text.put("Method", method);
        text.put("Data", data);
        Png.write(plotFile, plot, text);
        OutputFile.write(summaryFile, summary);
        return List.of(pageFile, plotFile, summaryFile);
    }
}
