//! Invented people: personal numbers with the reserved place 099, staff of every role.

use crate::account::model::Rights;
use crate::web::session::Role;
use serde_json::{Value, json};

/// Everybody's password in a demo.
pub const PASSWORD: &str = "mua xuan 2026 nhe";

pub struct DemoCitizen {
    pub number: &'static str,
    pub name: &'static str,
    pub birth: &'static str,
    pub sex: &'static str,
    pub phone: &'static str,
    pub email: Option<&'static str>,
}

pub const CITIZENS: [DemoCitizen; 6] = [
    DemoCitizen { number: "099190000025", name: "Nguyễn Thị Mẫu Anh", birth: "1990-05-10", sex: "nu", phone: "0900000001", email: Some("mau.anh@example.invalid") },
    DemoCitizen { number: "099085000017", name: "Trần Văn Mẫu Bình", birth: "1985-03-02", sex: "nam", phone: "0900000002", email: None },
    DemoCitizen { number: "099177000066", name: "Lý Thị Mẫu Páo", birth: "1977", sex: "nu", phone: "0900000003", email: None },
    DemoCitizen { number: "099088000411", name: "Phạm Văn Mẫu Doanh", birth: "1988-09-14", sex: "nam", phone: "0900000004", email: Some("mau.doanh@example.invalid") },
    DemoCitizen { number: "099195000308", name: "Hoàng Thị Mẫu Nộp", birth: "1995-01-20", sex: "nu", phone: "0900000005", email: None },
    DemoCitizen { number: "099092000205", name: "Vũ Văn Mẫu Toán", birth: "1992-07-03", sex: "nam", phone: "0900000006", email: None },
];

/// An invented business; people by their place in [`CITIZENS`].
pub struct DemoBusiness {
    pub tax_code: &'static str,
    pub name: &'static str,
    pub address: &'static str,
    pub confirmed: bool,
    pub representative: usize,
    pub people: &'static [(usize, Rights)],
}

const FILES: Rights = Rights { may_file: true, may_pay: false, sees_all: false };
const PAYS: Rights = Rights { may_file: false, may_pay: true, sees_all: false };
const SEES: Rights = Rights { may_file: false, may_pay: false, sees_all: true };

pub const BUSINESSES: [DemoBusiness; 2] = [
    DemoBusiness {
        tax_code: "9900000016",
        name: "Công ty TNHH Vải Thiều Mẫu",
        address: "Số 5, đường Xương Giang, phường Thọ Xương",
        confirmed: true,
        representative: 3,
        people: &[(4, FILES), (5, PAYS), (0, SEES)],
    },
    DemoBusiness {
        tax_code: "9900000023", name: "Hợp tác xã Gốm Mẫu", address: "Tổ dân phố 3, phường Ngô Quyền", confirmed: false, representative: 1, people: &[(4, FILES), (5, PAYS)]
    },
];

pub struct DemoStaff {
    pub sign_in: &'static str,
    pub name: &'static str,
    pub unit: &'static str,
    pub office: Option<&'static str>,
    pub roles: &'static [Role],
}

pub const CENTRE: &str = "trung-tam-hanh-chinh-cong";
pub const JUSTICE: &str = "so-tu-phap";
pub const TRANSPORT: &str = "so-giao-thong-van-tai";
pub const DISTRICT: &str = "thanh-pho-bac-giang";
pub const WARD: &str = "thanh-pho-bac-giang/phuong-tho-xuong";
pub const SECOND_WARD: &str = "thanh-pho-bac-giang/phuong-ngo-quyen";

const fn staff(sign_in: &'static str, name: &'static str, unit: &'static str, office: Option<&'static str>, roles: &'static [Role]) -> DemoStaff {
    DemoStaff { sign_in, name, unit, office, roles }
}

pub const STAFF: &[DemoStaff] = &[
    staff("tt.mot-cua", "Trần Thị Mẫu Hoa", CENTRE, None, &[Role::DeskClerk]),
    staff("tt.thu-ngan", "Phạm Văn Mẫu Quỹ", CENTRE, None, &[Role::Cashier]),
    staff("tt.kiem-soat", "Hoàng Thị Mẫu Soát", CENTRE, None, &[Role::ProcedureController]),
    staff("quan-tri", "Vũ Văn Mẫu Trị", CENTRE, None, &[Role::SystemAdmin]),
    staff("stp.thu-ly", "Nguyễn Văn Mẫu Lý", JUSTICE, None, &[Role::Officer]),
    staff("stp.truong-phong", "Đỗ Thị Mẫu Phòng", JUSTICE, None, &[Role::SectionHead]),
    staff("stp.lanh-dao", "Lê Văn Mẫu Ký", JUSTICE, None, &[Role::Leader]),
    staff("stp.van-thu", "Bùi Thị Mẫu Thư", JUSTICE, None, &[Role::RecordsClerk]),
    staff("sgtvt.thu-ly", "Ngô Văn Mẫu Xe", TRANSPORT, None, &[Role::Officer]),
    staff("sgtvt.lanh-dao", "Dương Thị Mẫu Đường", TRANSPORT, None, &[Role::Leader]),
    staff("sgtvt.van-thu", "Hà Văn Mẫu Số", TRANSPORT, None, &[Role::RecordsClerk]),
    staff("tp.mot-cua", "Thân Thị Mẫu Cửa", DISTRICT, None, &[Role::DeskClerk, Role::Cashier]),
    staff("tp.tai-chinh", "Giáp Văn Mẫu Chính", DISTRICT, Some("huyen/tai-chinh-ke-hoach"), &[Role::Officer]),
    staff("tp.xay-dung", "Chu Văn Mẫu Nhà", DISTRICT, Some("huyen/kinh-te-ha-tang"), &[Role::Officer]),
    staff("tp.lanh-dao", "Nông Thị Mẫu Tịch", DISTRICT, None, &[Role::Leader]),
    staff("tp.van-thu", "Vi Thị Mẫu Dấu", DISTRICT, None, &[Role::RecordsClerk]),
    staff("thoxuong.mot-cua", "Lương Thị Mẫu Nhận", WARD, None, &[Role::DeskClerk, Role::Cashier]),
    staff("thoxuong.ho-tich", "Nguyễn Văn Mẫu Tịch", WARD, Some("xa/tu-phap-ho-tich"), &[Role::Officer]),
    staff("thoxuong.lanh-dao", "Phan Văn Mẫu Phường", WARD, None, &[Role::Leader]),
    staff("thoxuong.van-thu", "Mai Thị Mẫu Văn", WARD, None, &[Role::RecordsClerk]),
    staff("ngoquyen.mot-cua", "Hà Thị Mẫu Quầy", SECOND_WARD, None, &[Role::DeskClerk, Role::Cashier]),
    staff("ngoquyen.ho-tich", "Tạ Văn Mẫu Tịch", SECOND_WARD, Some("xa/tu-phap-ho-tich"), &[Role::Officer]),
    staff("ngoquyen.lanh-dao", "Đào Thị Mẫu Quyền", SECOND_WARD, None, &[Role::Leader]),
    staff("ngoquyen.van-thu", "Lưu Văn Mẫu Sổ", SECOND_WARD, None, &[Role::RecordsClerk]),
];

/// `motcua demo accounts`: role, name, sign-in, password, unit.
pub fn accounts() -> Vec<Value> {
    let citizens = CITIZENS.iter().map(|c| json!({ "role": "citizen", "name": c.name, "sign_in": c.number, "password": PASSWORD, "unit": Value::Null }));
    let staff = STAFF.iter().flat_map(|s| s.roles.iter().map(move |r| json!({ "role": r.as_str(), "name": s.name, "sign_in": s.sign_in, "password": PASSWORD, "unit": s.unit })));
    citizens.chain(staff).collect()
}
