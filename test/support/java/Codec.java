import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Decodes and encodes records in Confluent's wire format with Apache Avro and Google's Protobuf for Java.
 *
 * <p>Argument: protoc. Standard input: one item a line, as JSON; standard output: one result a line. Both are described by
 * test/support/java-codec.ts. The framing is Confluent's "Wire format": a zero, the schema's id in four bytes with the
 * highest first, and for Protobuf the place of the message type in its file, as zigzag varints.
 */
public class Codec {
    private static final byte MAGIC = 0;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> WELL_KNOWN =
            List.of("any", "api", "descriptor", "duration", "empty", "field_mask", "java_features", "source_context",
                    "struct", "timestamp", "type", "wrappers");

    private final Path protoc;
    private final Map<String, Schema> avroSchemas = new HashMap<>();
    private final Map<String, Collection<FileDescriptor>> protoFiles = new HashMap<>();

    private Codec(Path protoc) {
        this.protoc = protoc;
    }

    public static void main(String[] arguments) throws IOException {
        Codec codec = new Codec(Path.of(arguments[0]));
        PrintStream output = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            ObjectNode result = JSON.createObjectNode();
            try {
                codec.run(JSON.readTree(line), result);
            } catch (Exception | StackOverflowError | AssertionError error) {
                result.removeAll().put("error", error.toString());
            }
            output.println(JSON.writeValueAsString(result));
        }
        output.flush();
    }

    private void run(JsonNode item, ObjectNode result) throws Exception {
        boolean isAvro = item.get("type").asText().equals("avro");
        if (item.has("hex")) {
            ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(item.get("hex").asText()));
            check(bytes.get() == MAGIC, "the first byte is not 0");
            result.put("id", Integer.toUnsignedLong(bytes.getInt()));
            if (isAvro) decodeAvro(avroSchema(item), bytes, result);
            else decodeProtobuf(item, bytes, result);
            return;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(MAGIC);
        bytes.write(ByteBuffer.allocate(4).putInt((int) item.get("id").asLong()).array());
        if (isAvro) encodeAvro(avroSchema(item), item.get("json").asText(), bytes);
        else encodeProtobuf(item, bytes);
        result.put("hex", HexFormat.of().formatHex(bytes.toByteArray()));
    }

    private static void decodeAvro(Schema schema, ByteBuffer bytes, ObjectNode result) throws IOException {
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(rest(bytes), null);
        Object datum = new GenericDatumReader<>(schema).read(null, decoder);
        check(decoder.isEnd(), "there are bytes after the value");
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        Encoder encoder = EncoderFactory.get().jsonEncoder(schema, text);
        new GenericDatumWriter<>(schema).write(datum, encoder);
        encoder.flush();
        result.put("json", text.toString(StandardCharsets.UTF_8));
    }

    private static void encodeAvro(Schema schema, String json, ByteArrayOutputStream bytes) throws IOException {
        Object datum = new GenericDatumReader<>(schema).read(null, DecoderFactory.get().jsonDecoder(schema, json));
        Encoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<>(schema).write(datum, encoder);
        encoder.flush();
    }

    /** Imports are the texts of named types that the schema refers to, each after those it refers to itself. */
    private Schema avroSchema(JsonNode item) {
        return avroSchemas.computeIfAbsent(schemaKey(item), key -> {
            Schema.Parser parser = new Schema.Parser();
            for (JsonNode text : item.get("imports")) parser.parse(text.asText());
            return parser.parse(item.get("schema").asText());
        });
    }

    private void decodeProtobuf(JsonNode item, ByteBuffer bytes, ObjectNode result) throws Exception {
        List<Integer> indexes = readIndexes(bytes);
        Collection<FileDescriptor> files = protoFiles(item);
        Descriptor type = messageType(files, indexes);
        Message message = DynamicMessage.parseFrom(type, ByteString.copyFrom(bytes));
        check(message.getUnknownFields().asMap().isEmpty(), "there are fields that the schema does not have");
        JsonFormat.Printer printer = JsonFormat.printer().usingTypeRegistry(typesOf(files));
        printer = printer.alwaysPrintFieldsWithNoPresence().omittingInsignificantWhitespace();
        ArrayNode places = result.putArray("indexes");
        indexes.forEach(places::add);
        result.put("message", type.getFullName()).put("json", printer.print(message));
    }

    private void encodeProtobuf(JsonNode item, ByteArrayOutputStream bytes) throws Exception {
        List<Integer> indexes = new ArrayList<>();
        item.get("indexes").forEach(index -> indexes.add(index.asInt()));
        Collection<FileDescriptor> files = protoFiles(item);
        DynamicMessage.Builder message = DynamicMessage.newBuilder(messageType(files, indexes));
        JsonFormat.parser().usingTypeRegistry(typesOf(files)).merge(item.get("json").asText(), message);
        writeIndexes(indexes, bytes);
        message.build().writeTo(bytes);
    }

    private static List<Integer> readIndexes(ByteBuffer bytes) {
        int count = readVarint(bytes);
        check(count >= 0, "a negative count of message indexes");
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < count; i++) indexes.add(readVarint(bytes));
        // The file's first message, which most have alone, is a single zero.
        return count == 0 ? List.of(0) : indexes;
    }

    private static void writeIndexes(List<Integer> indexes, ByteArrayOutputStream bytes) {
        boolean isFirst = indexes.equals(List.of(0));
        writeVarint(isFirst ? 0 : indexes.size(), bytes);
        if (!isFirst) indexes.forEach(index -> writeVarint(index, bytes));
    }

    private static int readVarint(ByteBuffer bytes) {
        int value = 0;
        for (int shift = 0; shift < 32; shift += 7) {
            byte next = bytes.get();
            value |= (next & 0x7f) << shift;
            if (next >= 0) return (value >>> 1) ^ -(value & 1);
        }
        throw new IllegalArgumentException("a varint of more than five bytes");
    }

    private static void writeVarint(int number, ByteArrayOutputStream bytes) {
        int value = (number << 1) ^ (number >> 31);
        for (; (value & ~0x7f) != 0; value >>>= 7) bytes.write(value & 0x7f | 0x80);
        bytes.write(value);
    }

    private static Descriptor messageType(Collection<FileDescriptor> files, List<Integer> indexes) {
        FileDescriptor main = new ArrayList<>(files).get(files.size() - 1);
        Descriptor type = main.getMessageTypes().get(indexes.get(0));
        for (int index : indexes.subList(1, indexes.size())) type = type.getNestedTypes().get(index);
        return type;
    }

    private static JsonFormat.TypeRegistry typesOf(Collection<FileDescriptor> files) {
        JsonFormat.TypeRegistry.Builder types = JsonFormat.TypeRegistry.newBuilder();
        for (FileDescriptor file : files) types.add(file.getMessageTypes());
        return types.build();
    }

    /** The schema's file, which is the last, and those it imports, by way of protoc. Imports are texts by their path. */
    private Collection<FileDescriptor> protoFiles(JsonNode item) throws Exception {
        Collection<FileDescriptor> known = protoFiles.get(schemaKey(item));
        if (known != null) return known;
        Path folder = Files.createTempDirectory("codec-");
        try {
            String main = "the-schema.proto";
            Files.writeString(folder.resolve(main), item.get("schema").asText());
            for (Map.Entry<String, JsonNode> file : item.get("imports").properties()) {
                Path path = folder.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue().asText());
            }
            addWellKnown(folder);
            Map<String, FileDescriptor> files = new LinkedHashMap<>();
            // Each file comes after those it imports.
            for (FileDescriptorProto file : compile(folder, main).getFileList()) {
                List<FileDescriptor> imported = file.getDependencyList().stream().map(files::get).toList();
                files.put(file.getName(), FileDescriptor.buildFrom(file, imported.toArray(FileDescriptor[]::new)));
            }
            protoFiles.put(schemaKey(item), files.values());
            return files.values();
        } finally {
            try (var paths = Files.walk(folder)) {
                paths.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
            }
        }
    }

    private FileDescriptorSet compile(Path folder, String main) throws Exception {
        Path output = folder.resolve("descriptors");
        List<String> command = new ArrayList<>(List.of(protoc.toString(), "--include_imports", "-I", folder.toString()));
        command.addAll(List.of("--descriptor_set_out=" + output, main));
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        String messages = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        check(process.waitFor() == 0, messages);
        return FileDescriptorSet.parseFrom(Files.readAllBytes(output));
    }

    /** The types that protoc looks for beside itself, where Maven does not put them; Protobuf's jar has them. */
    private static void addWellKnown(Path folder) throws IOException {
        Path packageFolder = Files.createDirectories(folder.resolve("google/protobuf"));
        for (String name : WELL_KNOWN) {
            try (InputStream file = Message.class.getResourceAsStream("/google/protobuf/" + name + ".proto")) {
                Files.copy(file, packageFolder.resolve(name + ".proto"));
            }
        }
    }

    private static String schemaKey(JsonNode item) {
        return item.get("schema").asText() + item.get("imports");
    }

    private static byte[] rest(ByteBuffer bytes) {
        byte[] rest = new byte[bytes.remaining()];
        bytes.get(rest);
        return rest;
    }

    private static void check(boolean isTrue, String message) {
        if (!isTrue) throw new IllegalArgumentException(message);
    }
}
