//! Words of public pages.

crate::texts! {
    HOME: "Trang đầu", "Home";
    ASK: "Bạn cần làm gì?", "What do you need to do?";
    OFTEN: "Nhiều người tìm:", "Often searched:";
    WHERE_IS: "Hồ sơ đến đâu rồi?", "Where is my dossier?";
    NO_SIGN_IN: "Không cần đăng nhập", "No sign-in needed";
    SHOW_IT: "Xem hồ sơ", "Show";
    ALL_PROCEDURES: "Xem cả", "All";
    FIGURES: "Số liệu công khai", "Public figures";
    THIS_MONTH: "Tháng này, toàn tỉnh", "This month, whole province";
    ON_TIME: "trả đúng hoặc trước hạn", "resolved on time or early";
    LATE_NOW: "đang trễ hạn", "late now";
    ONLINE_SHARE: "nộp qua mạng", "filed online";
    HOW_COUNTED: "Cách tính và số liệu", "How it is counted";
    AS_OF: "Tính đến", "As of";
    FIGURE: "Chỉ số", "Figure";
    VALUE: "Giá trị", "Value";
    OUT_OF: "Trên", "Out of";
    DEFINITION: "Cách tính", "Definition";
    RECEIVED: "Hồ sơ tiếp nhận", "Received";
    RECEIVED_DEF: "Tiếp nhận từ đầu năm, theo giờ tiếp nhận.", "Accepted since 1 January, by the moment of acceptance.";
    RESOLVED: "Đã giải quyết", "Resolved";
    RESOLVED_DEF: "Có kết quả từ đầu năm, theo giờ có kết quả, không phải giờ dân đến nhận.", "With a result since 1 January, by the moment of the result, not of its collection.";
    ON_TIME_LONG: "Giải quyết đúng, trước hạn", "On time or early";
    ON_TIME_DEF: "Có kết quả không muộn hơn hạn ghi trên giấy hẹn, trên tổng đã giải quyết.", "Resolved no later than the promised moment, out of the resolved.";
    OPEN: "Đang giải quyết", "Open";
    OPEN_DEF: "Đã tiếp nhận, chưa có kết quả.", "Received, no result yet.";
    OPEN_LATE: "Đang trễ hạn", "Late and open";
    OPEN_LATE_DEF: "Đang giải quyết mà đã quá hạn, trên tổng đang giải quyết.", "Open and past due, out of the open.";
    WAITING: "Chờ tiếp nhận", "Waiting to be received";
    WAITING_DEF: "Đã nộp, cơ quan chưa phản hồi.", "Filed, not answered yet.";
    REFUSED: "Không được tiếp nhận", "Not received";
    REFUSED_DEF: "Từ chối trước khi tiếp nhận, từ đầu năm; không tính là tiếp nhận.", "Refused before acceptance since 1 January; not counted as received.";
    ONLINE_LONG: "Nộp qua mạng", "Filed online";
    ONLINE_DEF: "Kênh nộp ghi lúc tiếp nhận là trực tuyến, trên tổng tiếp nhận.", "Channel recorded at reception is online, out of the received.";
    PAID_ONLINE: "Thanh toán qua mạng", "Paid online";
    PAID_ONLINE_DEF: "Mọi khoản phí trả qua mạng, trên hồ sơ nộp từ đầu năm có phí (không tính được miễn hết).", "Every fee paid online, out of dossiers filed since 1 January that owe one (wholly exempt left out).";
    BY_STATE: "Hồ sơ theo trạng thái lúc này", "Dossiers by state now";
    STATE: "Trạng thái", "State";
    COUNT: "Số hồ sơ", "Dossiers";
    HELP: "Trợ giúp", "Help";
    HELP_LEAD: "Gọi 1022 trong giờ làm việc, hoặc đọc ba trang ngắn.", "Call 1022 in office hours, or read three short pages.";
    HELP_FILE: "Nộp hồ sơ qua mạng", "Filing online";
    HELP_PHOTO: "Chụp giấy tờ", "Photographing papers";
    HELP_PAY: "Nộp phí", "Paying a fee";
    FEEDBACK: "Phản ánh, kiến nghị", "Feedback";
    FEEDBACK_LEAD: "Gọi 1022, hoặc gửi văn bản tới Trung tâm Phục vụ hành chính công tỉnh.", "Call 1022, or write to the provincial service centre.";
    PRIVACY: "Thông báo về dữ liệu cá nhân", "Notice on personal data";
    RESTORED: "Khôi phục từ bản sao lưu", "Restored from a backup";
    RESTORED_FROM: "Bản sao lúc", "Copy of";
    RESTORED_AT: "Khôi phục lúc", "Restored at";
    RELEASED: "Đã thả", "Released";
    HELD_LEAD: "Thư và câu hỏi tới cổng thanh toán đang được giữ. Những thư này có thể đã gửi trước khi sự cố xảy ra. Xem rồi mới thả.", "Letters and questions to gateways are held. These may have gone out before the breakdown. Look first, then release.";
    HELD_NONE: "Không có gì đang chờ gửi.", "Nothing waits to go out.";
    HELD_SINCE: "từ", "since";
    RELEASE: "Thả, cho gửi đi", "Release, let them go out";
    OPERATIONS: "Vận hành", "Operations";
    CHECK: "Kiểm tra hằng ngày", "Daily check";
    CHECK_SOUND: "Khớp", "Sound";
    CHECK_FAULTS: "Có chỗ lệch, xem ngay", "Something differs: look at once";
    CHECK_NONE: "Chưa kiểm tra lần nào.", "Not checked yet.";
    CHECK_STATES: "Hồ sơ có trạng thái khác diễn biến", "Dossiers whose state differs from their history";
    CHECK_ENTRIES: "Bút toán không cân", "Ledger entries that don't balance";
    CHECK_BALANCES: "Số phải thu, tiền chờ xử lý lệch với sổ", "Receivables or suspense that differ from the ledger";
    CHECK_MISSING: "Tệp thiếu hoặc sai cỡ", "Files missing or of another size";
    CHECK_CHANGED: "Tệp bị đổi nội dung, số tệp đã đọc thử", "Files whose bytes changed, of those read";
    GIVEN_UP: "Việc nền đã dừng thử", "Jobs given up";
    GIVEN_UP_NONE: "Không có việc nào dừng thử.", "No job was given up.";
    RETRY: "Chạy lại", "Run again";
    NOTICE_ADDRESS: "Địa chỉ nhận thông báo của VNPAY (chép đúng từng chữ)", "Notice address for VNPAY (copy letter by letter)";
    DEMO_MAIL: "Thư demo", "Demo mail";
    DEMO_MAIL_LEAD: "Thư mà cổng gửi trong bản demo, mới nhất lên đầu.", "Letters of this demo, newest first.";
    NO_MAIL: "Chưa có thư nào. Xác nhận thư điện tử trong tài khoản để nhận thư.", "No letters yet. Confirm an e-mail address in the account to get some.";
}

/// Paragraphs of the help pages: title, then sentences.
pub fn help(topic: &str) -> Vec<(crate::base::lang::Text, Vec<crate::base::lang::Text>)> {
    use crate::base::lang::Text;
    let p = Text::new;
    match topic {
        "photo" => vec![(
            HELP_PHOTO,
            vec![
                p("Đặt giấy trên mặt phẳng, nền tối, đủ sáng, không bật đèn nháy.", "Lay the paper flat on a dark surface in good light, without flash."),
                p("Cầm máy thẳng từ trên xuống, lấy đủ bốn góc giấy.", "Hold the phone straight above it, with all four corners in the picture."),
                p("Phóng to ảnh vừa chụp: đọc được chữ nhỏ nhất là đạt.", "Zoom in: if the smallest letters can be read, it is good."),
                p("Giấy hai mặt thì chụp cả hai mặt, gửi vào cùng một ô.", "Two sides: photograph both and send them to the same slot."),
                p("Máy nhỏ hay tắt trang khi mở máy ảnh: chụp trước, rồi chọn ảnh từ thư viện.", "Small phones may lose the page while the camera is open: photograph first, then choose the picture."),
                p("iPhone chụp HEIC: vào Cài đặt, Camera, Định dạng, chọn “Tương thích nhất”.", "iPhones make HEIC: Settings, Camera, Formats, “Most Compatible”."),
            ],
        )],
        "pay" => vec![(
            HELP_PAY,
            vec![
                p("Sau khi nộp hồ sơ, trang hồ sơ hiện khoản phí và cách tính. Bạn nộp ngay hoặc để sau.", "After filing, the dossier shows the fee and how it was computed. Pay now or later."),
                p("Bấm “Nộp phí”, rồi “Tiếp tục”: trang VNPAY mở ra để chọn thẻ, tài khoản hoặc quét QR.", "Press “Pay the fee”, then “Continue”: VNPAY opens to choose card, account or QR."),
                p(
                    "Ngân hàng trừ tiền mà trang chưa đổi: không trả lại. Bấm “Tôi đã trả rồi”, chúng tôi hỏi VNPAY ngay.",
                    "Charged but the page has not changed? Don't pay again. Press “I have paid”: we ask VNPAY at once.",
                ),
                p("Dưới 5.000 đồng VNPAY không nhận: nộp chung với khoản khác, hoặc nộp tại quầy.", "Under 5,000 đồng VNPAY takes nothing: pay it with another fee, or at the counter."),
                p("Hồ sơ không bị từ chối chỉ vì chưa nộp phí.", "A dossier is never refused for its fee alone."),
            ],
        )],
        "privacy" => vec![(
            PRIVACY,
            vec![
                p("Ai thu thập: Trung tâm Phục vụ hành chính công tỉnh và cơ quan giải quyết hồ sơ của bạn.", "Who collects: the provincial service centre and the unit that decides your dossier."),
                p("Thu gì: nhân thân, liên hệ, nội dung tờ khai và giấy tờ bạn nộp.", "What: identity, contact, your answers and the papers you file."),
                p("Để làm gì: giải quyết thủ tục bạn yêu cầu, theo luật của thủ tục đó; không dùng việc khác.", "What for: deciding what you ask for, under that procedure's law; nothing else."),
                p("Ai thấy: công chức một cửa, người thụ lý và người ký của hồ sơ. Không ai khác.", "Who sees: the dossier's desk clerks, officers and signer. Nobody else."),
                p("Giữ bao lâu: bản nháp 90 ngày; hồ sơ đã nộp theo quy định lưu trữ.", "How long: drafts 90 days; filed dossiers by the rules of archives."),
                p(
                    "Quyền của bạn: xem, sửa, rút đồng ý, khiếu nại. Gọi 1022 hoặc đến quầy; trả lời trong 72 giờ.",
                    "Your rights: to see, correct, withdraw consent, complain. Call 1022 or come to the desk; answered within 72 hours.",
                ),
            ],
        )],
        "feedback" => vec![(FEEDBACK, vec![FEEDBACK_LEAD])],
        _ => vec![(
            HELP_FILE,
            vec![
                p("Tìm thủ tục bằng lời của bạn, xem giấy tờ cần chuẩn bị, rồi bấm “Nộp hồ sơ”.", "Find the procedure in your own words, see what to prepare, then press “File a dossier”."),
                p(
                    "Năm bước: nơi nộp, nội dung, giấy tờ, kiểm tra, nộp phí. Mọi bước đều tự lưu; mở lại trên máy khác vẫn còn.",
                    "Five steps: where, form, papers, check, fee. Each saves itself and is found again on another device.",
                ),
                p("Nộp xong bạn có mã hồ sơ và mã tra cứu. Cơ quan phản hồi trong 8 giờ làm việc.", "After filing you have a code and a look-up key. The office answers within 8 working hours."),
                p("Cần bổ sung thì cơ quan hỏi một lần, nói rõ từng chỗ; bạn chỉ sửa đúng chỗ đó.", "If something is missing the office asks once, naming each thing; you mend just that."),
                p("Mất mã tra cứu: mang căn cước đến quầy, quầy cấp lại.", "Lost the key: bring your identity card to the desk."),
            ],
        )],
    }
}
