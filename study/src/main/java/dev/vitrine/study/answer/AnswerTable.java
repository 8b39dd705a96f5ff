package dev.vitrine.study.answer;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.NamedRows;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads answers from CSV files with the columns {@code subj, imagename, object_response, category}, in any order and
 * among others, as the data of Geirhos et al. 2021, arXiv:2106.07411, have them.
 */
public final class AnswerTable {
    private static final String SUBJECT = "subj";
    private static final String PICTURE = "imagename";
    private static final String RESPONSE = "object_response";
    private static final String CATEGORY = "category";
    private static final String EXPECTED =
            "a CSV file with the columns " + SUBJECT + ", " + PICTURE + ", " + RESPONSE + ", " + CATEGORY;

    private AnswerTable() {}

    /** @throws VitrineException of kind FAILURE if a subject answers to a picture twice */
    public static List<Answer> read(List<Path> files) {
        List<Answer> answers = new ArrayList<>();
        Map<List<String>, String> seen = new HashMap<>();
        for (Path file : files) {
            int before = answers.size();
            new NamedRows(file, EXPECTED).forEach(record -> answers.add(answer(file, record, seen)));
            if (answers.size() == before) {
                throw VitrineException.failure(file + ": holds no answers; expected " + EXPECTED + ".");
            }
        }
        return answers;
    }

    /** The same form again. */
    public static String text(List<Answer> answers) {
        StringWriter text = new StringWriter();
        try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
            csv.writeRecord(SUBJECT, PICTURE, RESPONSE, CATEGORY);
            answers.forEach(answer ->
                    csv.writeRecord(answer.subject(), answer.picture(), answer.response(), answer.category()));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private static Answer answer(Path file, NamedCsvRecord record, Map<List<String>, String> seen) {
        String where = file + ", line " + record.getStartingLineNumber();
        Answer answer = new Answer(
                field(file, record, SUBJECT),
                field(file, record, PICTURE),
                field(file, record, CATEGORY),
                field(file, record, RESPONSE));
        if (answer.subject().isEmpty()
                || answer.picture().isEmpty()
                || answer.category().isEmpty()) {
            throw VitrineException.failure(where + ": found no subject, picture or category; expected all three.");
        }
        String before = seen.put(List.of(answer.subject(), answer.picture()), where);
        if (before != null) {
            throw VitrineException.failure(where + ": found a second answer of " + answer.subject() + " to "
                    + answer.picture() + ", after that of " + before + "; expected one answer for each picture.");
        }
        return answer;
    }

    private static String field(Path file, NamedCsvRecord record, String column) {
        return record.findField(column)
                .orElseThrow(() -> VitrineException.failure(file + ": found the columns "
                        + String.join(", ", record.getHeader()) + "; expected " + SUBJECT + ", " + PICTURE + ", "
                        + RESPONSE + ", " + CATEGORY + " among them."));
    }
}
